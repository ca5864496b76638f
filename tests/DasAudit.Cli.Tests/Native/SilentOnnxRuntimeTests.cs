using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Native;

/// <summary>ONNX Runtime sends events and keeps an identifier of the machine unless it is told not to.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class SilentOnnxRuntimeTests : IDisposable
{
    // Where one of these is set it is silent by itself.
    private static readonly string[] BuildServers =
    [
        "CI",
        "TF_BUILD",
        "GITHUB_ACTIONS",
        "GITLAB_CI",
        "CIRCLECI",
        "TRAVIS",
        "JENKINS_URL",
        "CODEBUILD_BUILD_ID",
        "TEAMCITY_VERSION",
        "ORT_DISABLE_TELEMETRY",
    ];

    private readonly SmallWorld _world;
    private readonly ToolProcess _tool = new();

    public SilentOnnxRuntimeTests(SmallWorld world)
    {
        _world = world;
        _tool.AddNativeLibraries();
        foreach (var name in BuildServers)
            _tool.Variables[name] = "";
        _tool.Variables["XDG_CACHE_HOME"] = Cache;
    }

    private string Cache => Path.Combine(_tool.WorkingDirectory, "cache");

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task Neither_doctor_nor_an_encoder_leaves_an_identifier()
    {
        Directory.CreateDirectory(Cache);
        var doctor = await _tool.RunAsync("doctor");
        var encoder = Path.Combine(AppContext.BaseDirectory, "sample", "encoder");
        var audit = await _tool.RunAsync(
            _world.AuditArguments([_world.Query], ["--encoder", encoder, "--candidates", "2"])
        );

        Assert.Contains("ONNX Runtime", doctor.Out, StringComparison.Ordinal);
        Assert.Equal("", audit.Error);
        Assert.Equal(0, audit.ExitCode);
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
    }
}
