using DasAudit.Abstractions;
using DasAudit.Cli.Native;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Native;

public sealed class NativeLibrariesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_missing_library_is_named() => Assert.Equal(
        "The library libtorch_cpu.so is missing from the tool's folder; install das-audit again.",
        Assert.Throws<AuditException>(() => new NativeLibraries([_folder.Path]).Load("libtorch_cpu.so")).Message);

    [Fact]
    public void A_library_that_the_loader_refuses_is_named_with_the_loader_s_reason()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "libc10.so"), "junk");
        var message = Assert.Throws<AuditException>(() => new NativeLibraries([_folder.Path]).Load("libc10.so")).Message;
        Assert.StartsWith("The library libc10.so cannot be loaded (", message, StringComparison.Ordinal);
        Assert.Contains("libc10.so: file too short", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Libtorch_that_cannot_be_loaded_is_a_sentence_before_TorchSharp_is_touched() => Assert.Equal(
        "The library libgomp-98b21ff3.so.1 is missing from the tool's folder; install das-audit again.",
        Assert.Throws<AuditException>(() => new TorchRuntime(new([_folder.Path])).Start("cpu", null)).Message);

    [Fact]
    public void A_session_says_what_it_computes_with()
    {
        var session = new TorchRuntime(NativeLibraries.OfThisProcess()).Start("cpu", 2);
        Assert.Equal(("cpu", 2), (session.Environment.Device, session.Environment.Threads));
        Assert.StartsWith("2.10.0", session.Environment.Libtorch, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused()
    {
        var runtime = new TorchRuntime(NativeLibraries.OfThisProcess());
        runtime.Start("cpu", null);
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "This machine has CUDA.");
        Assert.StartsWith("--device cuda: ", Assert.Throws<AuditException>(() => runtime.Start("cuda", null)).Message, StringComparison.Ordinal);
    }
}
