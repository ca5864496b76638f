using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;
using DasAudit.Evidence.Store;

namespace DasAudit.Cli.Tests.Builds;

/// <summary>The targets of DasAudit.MSBuild in real builds, offline.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class SampleBuildTests : IDisposable
{
    /// <summary>The targets alone, where nothing need be compiled.</summary>
    private const string Target = "-t:DasAuditCheck";

    private readonly SampleBuild _build;
    private readonly ToolProcess _tool = new();

    public SampleBuildTests(SmallWorld world)
    {
        _build = new(world);
        _tool.AddNativeLibraries();
    }

    public void Dispose()
    {
        _build.Dispose();
        _tool.Dispose();
    }

    [Fact]
    public async Task A_build_fails_and_with_a_waiver_passes_and_audits_each_picture_once()
    {
        _build.Command = _tool.CommandLine;
        WritePicture("assets/a.png", 20);
        WritePicture("assets/b.png", 31);

        // It fails at the pictures.
        var failed = await _build.RunAsync("build");
        Assert.Equal(1, failed.ExitCode);
        Assert.Matches(@"assets/a\.png\(1,1\): error DAS0002: Report \w+: (Ann|Bob) has ", failed.Out);
        Assert.Matches(@"assets/b\.png\(1,1\): error DAS0002: ", failed.Out);
        Assert.Matches(@"model\(1,1\): warning DAS0010: ", failed.Out);
        Assert.Contains(
            "error DAS0905: The policy 'das-audit.policy.json' is hit",
            failed.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(2, Reports());

        // Somebody answers for it; nothing is audited again.
        Waive();
        var waived = await _build.RunAsync("build", "--no-restore");
        Assert.Equal(0, waived.ExitCode);
        Assert.Matches(@"model\(1,1\): warning DAS0010: ", waived.Out);
        Assert.Equal(2, Reports());

        // Up to date: nothing is asked, and the warning is there all the same.
        var again = await _build.RunAsync("build", "--no-restore");
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("Skipping target \"_DasAuditAsk\"", again.Out, StringComparison.Ordinal);
        Assert.Matches(@"model\(1,1\): warning DAS0010: ", again.Out);

        // A changed picture is audited, and no other.
        WritePicture("assets/b.png", 32);
        var changed = await _build.RunAsync("publish", "--no-restore");
        Assert.Equal(0, changed.ExitCode);
        Assert.Equal(3, Reports());

        // Warnings are errors for those who say so.
        var strict = await _build.RunAsync("msbuild", Target, "-p:TreatWarningsAsErrors=true");
        Assert.Equal(1, strict.ExitCode);
        Assert.Matches(@"model\(1,1\): error DAS0010: ", strict.Out);
        string[] but = [Target, "-p:TreatWarningsAsErrors=true", "-p:WarningsNotAsErrors=DAS0010"];
        Assert.Equal(0, (await _build.RunAsync("msbuild", but)).ExitCode);

        // On a clean machine with the store, nothing is audited.
        Directory.Delete(_build.At("obj"), recursive: true);
        var clean = await _build.RunAsync("msbuild", Target);
        Assert.Equal(0, clean.ExitCode);
        Assert.Equal(3, Reports());
    }

    [Fact]
    public async Task What_is_missing_is_one_sentence()
    {
        WritePicture("assets/a.png", 20);
        await AssertFailsAsync("error DAS0901: There is no tool manifest (dotnet-tools.json) here or above; run");

        File.WriteAllText(
            _build.At("dotnet-tools.json"),
            """
            { "version": 1, "isRoot": true,
              "tools": { "das-audit": { "version": "0.0.7", "commands": ["dotnet-das-audit"] } } }
            """
        );
        await AssertFailsAsync("run 'dotnet tool restore' there, or");

        _build.Command = "no-such-tool";
        await AssertFailsAsync("error DAS0902: 'no-such-tool' does not run; correct the property DasAuditCommand.");

        _build.Command = _tool.CommandLine;
        File.WriteAllText(_build.At("das-audit.policy.json"), """{ "version": 1, "rules": [{ "rule": "magic" }] }""");
        await AssertFailsAsync(
            "error DAS0904: The policy could not be asked: das-audit: The policy 'das-audit.policy.json': "
                + "rules[0].rule is 'magic', which is no rule"
        );

        WritePicture("assets/$(touch here).png", 9);
        await AssertFailsAsync(
            "$(touch here).png : error DAS0906: The name of this picture holds a character that a shell"
        );
        Assert.False(File.Exists(_build.At("here")));
        File.Delete(_build.At("assets/$(touch here).png"));

        Directory.Delete(_build.At("model"), recursive: true);
        Directory.Delete(_build.At(".das-audit"), recursive: true);
        await AssertFailsAsync("error DAS0903: Pictures could not be audited: das-audit: There is no model at 'model'");

        File.Delete(_build.At("das-audit.policy.json"));
        await AssertFailsAsync("error DAS0900: There is no policy 'das-audit.policy.json'; write one with");
    }

    private async Task AssertFailsAsync(string sentence)
    {
        var outcome = await _build.RunAsync("msbuild", Target);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(sentence, outcome.Out, StringComparison.Ordinal);
    }

    private void WritePicture(string path, int seed)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_build.At(path))!);
        SmallWorld.WritePicture(_build.At(path), seed);
    }

    private void Waive()
    {
        const string waiver =
            """{ "rule": "DAS0002", "picture": "assets/*.png", "reason": "r", "by": "Ada", "until": "2999-12-31" }""";
        var path = _build.At("das-audit.policy.json");
        var policy = File.ReadAllText(path);
        File.WriteAllText(
            path,
            policy.Replace("\"waivers\": []", $"\"waivers\": [{waiver}]", StringComparison.Ordinal)
        );
    }

    private int Reports()
    {
        using var store = ReportStore.Open(_build.At(".das-audit/audits.db"), StoreAccess.ReadOnly);
        return store.Find(new()).Count;
    }
}
