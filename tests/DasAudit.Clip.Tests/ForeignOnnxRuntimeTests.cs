using DasAudit.Abstractions;

namespace DasAudit.Clip.Tests;

/// <summary>What is named for an ONNX Runtime and is none; the tool's own tests load one.</summary>
public sealed class ForeignOnnxRuntimeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "there is no such library")]
    [InlineData("missing.so", "there is no such library")]
    [InlineData("text.so", "it cannot be loaded")]
    public void Others_are_refused(string name, string why)
    {
        _folder.Write("text.so", "no library");

        var error = Assert.Throws<AuditException>(() => ForeignOnnxRuntime.Load(Path.Combine(_folder.Path, name)));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("DASAUDIT_ONNXRUNTIME names '", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_is_something_else_is_refused()
    {
        var skia = Directory.GetFiles(AppContext.BaseDirectory, "libSkiaSharp.so", SearchOption.AllDirectories)[0];

        var error = Assert.Throws<AuditException>(() => ForeignOnnxRuntime.Load(skia));

        Assert.Contains("it is no ONNX Runtime", error.Message, StringComparison.Ordinal);
    }

    // A newer managed part asks newer libraries for more.
    [Fact]
    public void The_oldest_that_fits_is_of_the_version_that_comes_with_the_program() =>
        Assert.Contains("ONNX Runtime 1.31.", OnnxRuntimeLibrary.Description, StringComparison.Ordinal);
}
