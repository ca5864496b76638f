using DasAudit.Abstractions;
using DasAudit.Cli.Native;
using DasAudit.Cli.Settings;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Platforms;
using TorchSharp;

namespace DasAudit.Cli.Tests.Native;

public sealed class NativeLibrariesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Tool _tool = new();

    private TorchRuntime OfThisProcess =>
        new(new(NativeLibraries.OfThisProcess(), _tool.Surroundings, Platform.Current), Platform.Current);

    public void Dispose()
    {
        _folder.Dispose();
        _tool.Dispose();
    }

    [Fact]
    public void A_missing_library_is_named() =>
        Assert.Equal(
            "The library libtorch_cpu.so is missing from the tool's folder; install das-audit again.",
            Assert.Throws<AuditException>(() => new NativeLibraries([_folder.Path]).Load("libtorch_cpu.so")).Message
        );

    [Fact]
    public void A_library_that_the_loader_refuses_is_named_with_the_loader_s_reason()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "libc10.so"), "junk");
        var message = Assert
            .Throws<AuditException>(() => new NativeLibraries([_folder.Path]).Load("libc10.so"))
            .Message;
        Assert.StartsWith("The library libc10.so cannot be loaded (", message, StringComparison.Ordinal);
        Assert.Contains("libc10.so: file too short", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Libtorch_that_cannot_be_loaded_is_a_sentence_before_TorchSharp_is_touched() =>
        Assert.Equal(
            "The library libgomp-98b21ff3.so.1 is missing from the tool's folder; install das-audit again.",
            Assert
                .Throws<AuditException>(() =>
                    new TorchRuntime(
                        new(new([_folder.Path]), _tool.Surroundings, Platform.Current),
                        Platform.Current
                    ).Start(DeviceChoice.Processor, null)
                )
                .Message
        );

    [Fact]
    public void A_session_says_what_it_computes_with()
    {
        var session = OfThisProcess.Start(DeviceChoice.Processor, 2);
        Assert.Equal(("cpu", 2), (session.Environment.Device, session.Environment.Threads));
        Assert.Equal(new LoadedLibTorch("2.10.0", null, false), session.LibTorch);
        Assert.Equal("2.10.0", session.Environment.Libtorch);
        // What TorchSharp was built for.
        Assert.StartsWith(LibTorch.Version + ".", TorchSharp.torch.__version__, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_libtorch_was_not_built_for_is_refused_with_what_to_do() =>
        Assert.Equal(
            "--device cuda: the libtorch that comes with das-audit is for processors alone; set "
                + "DASAUDIT_LIBTORCH to the folder of a libtorch 2.10 with CUDA, or use --device cpu.",
            Assert.Throws<AuditException>(() => OfThisProcess.Start(DeviceChoice.Parse("cuda"), null)).Message
        );

    [Fact]
    public void A_library_that_is_cut_short_is_named()
    {
        var path = Path.Combine(_folder.Path, "libSkiaSharp.so");
        File.WriteAllBytes(path, File.ReadAllBytes(NativeLibraries.OfThisProcess().Find("libSkiaSharp.so"))[..100_000]);
        Assert.Equal(
            $"The library libSkiaSharp.so cannot be loaded ({path}: the file is cut short); install what it "
                + "asks for, or install das-audit again.",
            Assert.Throws<AuditException>(() => new NativeLibraries([_folder.Path]).Load("libSkiaSharp.so")).Message
        );
    }
}
