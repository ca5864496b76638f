using System.Buffers.Binary;
using System.Text;

namespace DasAudit.Cli.Tests.Native;

/// <summary>Small libraries that pass for those of libtorch, to the loader and to who asks for the version.</summary>
internal static class FakeLibTorch
{
    /// <summary>Writes a library.</summary>
    /// <param name="path">Where.</param>
    /// <param name="version">What it says its version is; null if it cannot say.</param>
    /// <param name="name">The name inside, by which others find it.</param>
    public static void Write(string path, Version? version, string name)
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Native", "Files", "fake.so"));
        var number = new byte[8];
        if (version is not null)
            BinaryPrimitives.WriteUInt64LittleEndian(
                number,
                (ulong)version.Major << 56 | (ulong)version.Minor << 48 | (ulong)version.Build << 40
            );
        Replace(bytes, [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11], number);
        Replace(bytes, "name-of-this-library.so.0\0"u8, Encoding.UTF8.GetBytes(name + '\0'));
        if (version is null)
            Replace(bytes, "aoti_torch_abi_version"u8, "aoti_torch_abi_nothing"u8);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Writes all that a libtorch must hold.</summary>
    public static void WriteAll(string folder, Version? version, Func<string, string> name)
    {
        Directory.CreateDirectory(folder);
        foreach (var file in new[] { "libc10.so", "libtorch_cpu.so", "libtorch.so" })
            Write(Path.Combine(folder, file), version, name(file));
    }

    private static void Replace(byte[] bytes, ReadOnlySpan<byte> what, ReadOnlySpan<byte> with)
    {
        var at = bytes.AsSpan().IndexOf(what);
        Assert.True(at >= 0 && with.Length <= what.Length);
        with.CopyTo(bytes.AsSpan(at));
    }
}
