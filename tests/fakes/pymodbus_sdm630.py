"""An independent Modbus TCP server laid out as an Eastron SDM630: input registers, floats with the high word first.

Prints its port, then takes lines "kWh W" on standard input and answers each with "ok".
"""
import asyncio
import logging
import struct
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

block = ModbusSequentialDataBlock(0, [0] * 400)
unit = ModbusSlaveContext(ir=block, zero_mode=True)


def put(address, value):
    high, low = struct.unpack(">HH", struct.pack(">f", value))
    unit.setValues(4, address, [high, low])


def set_meter(kwh, watts):
    put(72, kwh)
    put(52, watts)
    for address in (12, 14, 16):
        put(address, watts / 3)
    for address in (0, 2, 4):
        put(address, 231.5)
    put(70, 50.01)


async def main():
    context = ModbusServerContext(slaves={1: unit}, single=False)
    server = ModbusTcpServer(context, address=("127.0.0.1", 0))
    serving = asyncio.ensure_future(server.serve_forever())
    while server.server is None or not server.server.sockets:
        await asyncio.sleep(0.02)
    print(server.server.sockets[0].getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    while True:
        line = await loop.run_in_executor(None, sys.stdin.readline)
        if not line:
            break
        kwh, watts = map(float, line.split())
        set_meter(kwh, watts)
        print("ok", flush=True)
    serving.cancel()


asyncio.run(main())
