import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { libraries, ownerOf, readDebian } from "../../../../ops/lib/image/system.ts";

Deno.test("libraries() takes the paths of ldd, the loader's own among them, and not the kernel's", () => {
  const text = [
    "\tlinux-vdso.so.1 (0x00007f5e1712c000)",
    "\tlibgcc_s.so.1 => /lib/x86_64-linux-gnu/libgcc_s.so.1 (0x00007f5e170f5000)",
    "\tlibc.so.6 => /usr/lib/x86_64-linux-gnu/libc.so.6 (0x00007f5e1101e000)",
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f5e1712e000)",
    "",
  ].join("\n");
  deepStrictEqual(libraries(text), [
    "/lib/x86_64-linux-gnu/libgcc_s.so.1",
    "/lib/x86_64-linux-gnu/libc.so.6",
    "/lib64/ld-linux-x86-64.so.2",
  ]);
});

Deno.test("ownerOf() reads the package, with and without an architecture", () => {
  strictEqual(ownerOf("libc6:amd64: /lib/x86_64-linux-gnu/libc.so.6\n"), "libc6");
  strictEqual(ownerOf("ca-certificates: /etc/ssl/certs\n"), "ca-certificates");
  throws(() => ownerOf("dpkg-query: no path found\n"), /which package/);
});

Deno.test("readDebian() reads a line a package", () => {
  deepStrictEqual(readDebian("libc6\t2.36-9\tamd64\nca-certificates\t20230311\tall\n"), [
    { name: "libc6", version: "2.36-9", architecture: "amd64" },
    { name: "ca-certificates", version: "20230311", architecture: "all" },
  ]);
});
