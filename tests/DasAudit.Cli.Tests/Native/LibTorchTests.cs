using DasAudit.Abstractions;
using DasAudit.Cli.Native;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Tests.Native;

/// <summary>
/// What is refused before anything of another libtorch is loaded; the rest, in processes of their own, is in
/// OtherLibTorchTests.
/// </summary>
public sealed class LibTorchTests : IDisposable
{
    private readonly Tool _tool = new();

    private string Other => Path.Combine(_tool.WorkingDirectory, "other");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_is_named_as_it_was_written() =>
        Assert.Equal(
            "DASAUDIT_LIBTORCH: there is no folder 'other'; name the folder of a libtorch 2.10, or unset the variable.",
            Refusal()
        );

    [Fact]
    public void A_file_is_no_folder()
    {
        _tool.Write("other", "");
        Assert.Equal(
            "DASAUDIT_LIBTORCH: there is no folder 'other'; name the folder of a libtorch 2.10, or unset the variable.",
            Refusal()
        );
    }

    [Theory]
    [InlineData("libc10.so", new string[0])]
    [InlineData("libtorch_cpu.so", new[] { "libc10.so" })]
    [InlineData("libtorch.so", new[] { "libc10.so", "libtorch_cpu.so" })]
    [InlineData("libtorch.so", new[] { "lib/libc10.so", "lib/libtorch_cpu.so" })]
    public void A_folder_without_libtorch_or_with_a_part_of_one_is_refused(string missing, string[] there)
    {
        Directory.CreateDirectory(Other);
        foreach (var name in there)
            _tool.Write($"other/{name}", "");
        Assert.Equal(
            $"DASAUDIT_LIBTORCH: 'other' holds no {missing}; name the folder of a whole libtorch 2.10, or "
                + "unset the variable.",
            Refusal()
        );
    }

    [Theory]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libcublas.so.12")] // Not loaded by the tool, but by what it loads.
    public void A_library_that_is_cut_short_is_named(string name)
    {
        FakeLibTorch.WriteAll(Path.Combine(Other, "lib"), new(2, 10, 0), name => name);
        var path = Path.Combine(Other, "lib", name);
        FakeLibTorch.Write(path, new(2, 10, 0), name);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..700]);
        Assert.Equal(
            $"DASAUDIT_LIBTORCH: {name} in 'other' is cut short; unpack that libtorch again, or unset the variable.",
            Refusal()
        );
    }

    [Fact]
    public void A_library_that_the_loader_refuses_is_named_with_the_loader_s_reason()
    {
        FakeLibTorch.WriteAll(Other, new(2, 10, 0), name => name);
        var path = _tool.Write("other/libc10.so", "junk");
        Assert.Equal(
            $"DASAUDIT_LIBTORCH: libc10.so in 'other' cannot be loaded ({path}: file too short); install what "
                + "it asks for, or unset the variable.",
            Refusal()
        );
    }

    [Fact]
    public void Set_but_empty_it_is_not_set()
    {
        _tool.Variables[LibTorch.Variable] = "";
        Assert.Null(new LibTorch(NativeLibraries.OfThisProcess(), _tool.Surroundings, Platform.Current).Load().Folder);
    }

    private string Refusal()
    {
        _tool.Variables[LibTorch.Variable] = "other";
        return Assert
            .Throws<AuditException>(() =>
                new LibTorch(NativeLibraries.OfThisProcess(), _tool.Surroundings, Platform.Current).Load()
            )
            .Message;
    }
}
