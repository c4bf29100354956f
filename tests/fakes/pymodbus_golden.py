"""An independent Modbus TCP server that answers as recorded devices do.

Takes one line of JSON on standard input: a list of ports, each a list of units with their runs of registers
({"unit": 1, "runs": [{"functionCode": 4, "address": 0, "words": [17254, 32768]}]}), and prints the ports that it
listens at as one line of JSON. A function code without a run is refused with "illegal data address".
"""
import asyncio
import json
import logging
import sys
import types

try:
    import serial  # noqa: F401
except ModuleNotFoundError:  # Debian only recommends it; TCP does without
    sys.modules["serial"] = types.ModuleType("serial")
    sys.modules["serial_asyncio"] = types.ModuleType("serial_asyncio")
    sys.modules["serial_asyncio"].create_serial_connection = None

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server.async_io import ModbusTcpServer

logging.disable(logging.CRITICAL)

TABLES = {1: "co", 2: "di", 3: "hr", 4: "ir"}


def block_of(runs):
    if not runs:
        return ModbusSequentialDataBlock(65535, [0])
    values = [0] * 65536
    for run in runs:
        for place, word in enumerate(run["words"]):
            values[run["address"] + place] = word
    return ModbusSequentialDataBlock(0, values)


def unit_of(runs):
    tables = {
        name: block_of([run for run in runs if run["functionCode"] == code]) for code, name in TABLES.items()
    }
    return ModbusSlaveContext(**tables, zero_mode=True)


async def serve(units):
    slaves = {unit["unit"]: unit_of(unit["runs"]) for unit in units}
    context = ModbusServerContext(slaves=slaves, single=False)
    server = ModbusTcpServer(context, address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    while server.server is None or not server.server.sockets:
        await asyncio.sleep(0.02)
    return serving, server.server.sockets[0].getsockname()[1]


async def main():
    asked = json.loads(sys.stdin.readline())
    served = [await serve(units) for units in asked]
    print(json.dumps([port for _, port in served]), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    for serving, _ in served:
        serving.cancel()


asyncio.run(main())
