using DasAudit.Cli.Tests.Harness;
using DasAudit.Core.Platforms;

namespace DasAudit.Cli.Tests.Native;

/// <summary>DASAUDIT_ONNXRUNTIME names the ONNX Runtime to use; none that computes on a GPU is at hand.</summary>
public sealed class OtherOnnxRuntimeTests : IDisposable
{
    private readonly ToolProcess _tool = new();

    public OtherOnnxRuntimeTests() => _tool.AddNativeLibraries();

    private string Folder => Path.Combine(_tool.WorkingDirectory, "onnx");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task The_one_that_is_named_is_loaded_in_the_place_of_the_tool_s_own()
    {
        Directory.CreateDirectory(Folder);
        var name = Platform.Current.Files.OnnxRuntime;
        var own = Directory.GetFiles(_tool.ToolDirectory, name, SearchOption.AllDirectories)[0];
        File.Copy(own, Path.Combine(Folder, name));
        _tool.Variables["DASAUDIT_ONNXRUNTIME"] = Folder;
        _tool.Variables["LD_DEBUG"] = "libs";
        _tool.Variables["LD_DEBUG_OUTPUT"] = Path.Combine(_tool.WorkingDirectory, "loaded");

        var doctor = await _tool.RunAsync("doctor");

        AssertSays($" in '{Folder}' with ", doctor);
        Assert.DoesNotContain("DASAUDIT_ONNXRUNTIME is set, but", doctor.Error, StringComparison.Ordinal);
        var loaded = Directory
            .GetFiles(_tool.WorkingDirectory, "loaded.*")
            .SelectMany(File.ReadAllLines)
            .Where(line => line.Contains($"calling init: {Folder}", StringComparison.Ordinal));
        Assert.Single(loaded);
    }

    [Fact]
    public async Task One_that_is_not_there_is_said_in_a_sentence()
    {
        _tool.Variables["DASAUDIT_ONNXRUNTIME"] = Folder;

        var doctor = await _tool.RunAsync("doctor");

        AssertSays("but there is no such library", doctor);
    }

    // Wherever its lines break.
    private static void AssertSays(string words, Outcome doctor) =>
        Assert.Contains(Dense(words), Dense(doctor.Out), StringComparison.Ordinal);

    private static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
