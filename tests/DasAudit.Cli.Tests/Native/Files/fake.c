/* A library that passes for one of libtorch; FakeLibTorch.cs puts a version and a name into its place-holders. Made with
   gcc -O1 -shared -nostdlib -fno-asynchronous-unwind-tables -fcf-protection=none -s -Wl,-soname,name-of-this-library.so.0 -Wl,-z,noseparate-code
       -Wl,--build-id=none -Wl,--hash-style=sysv -Wl,-z,norelro -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -o fake.so fake.c */
unsigned long aoti_torch_abi_version(void) { return 0x1122334455667788UL; }
