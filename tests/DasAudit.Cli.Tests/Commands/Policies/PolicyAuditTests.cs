using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Policies;

/// <summary>Policies on real audits, datasets and models.</summary>
[Collection(nameof(SmallWorldTests))]
public sealed class PolicyAuditTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task An_audit_asks_a_policy_about_its_reports()
    {
        _tool.Write("strict.json", """{ "version": 1, "rules": [{ "rule": "holder-share", "above": 0 }] }""");
        _tool.Write("lax.json", """{ "version": 1, "rules": [{ "rule": "holder-share", "above": "99.9%" }] }""");
        _tool.Write("bad.json", """{ "version": 1, "rules": [{ "rule": "holder" }] }""");

        var bad = await _tool.RunAsync(Arguments("--policy", "bad.json"));
        var strict = await _tool.RunAsync(Arguments("--policy", "strict.json"));
        var lax = await _tool.RunAsync(Arguments("--policy", "lax.json"));

        Assert.Equal(1, bad.ExitCode);
        Assert.Equal(2, strict.ExitCode);
        Assert.Equal("das-audit/report/1", strict.Json().GetProperty("schema").GetString());
        Assert.Contains("das-audit: error DAS0002: ", strict.Error, StringComparison.Ordinal);
        Assert.Equal(0, lax.ExitCode);
    }

    [Fact]
    public async Task A_picture_is_audited_once_and_again_under_other_settings()
    {
        await _tool.RunAsync(Arguments());

        Assert.Equal(0, await AuditedAsync());
        Assert.Equal(1, await AuditedAsync("--seed", "7"));
        Assert.Equal(0, await AuditedAsync("--seed", "7"));
        Assert.Equal(1, await AuditedAsync("--timesteps", "3"));
        Assert.Equal(1, await AuditedAsync("--method", "trak"));
        Assert.Equal(1, await AuditedAsync("--damping", "df:0.2"));
        Assert.Equal(1, await AuditedAsync("--residual", "rms"));
        Assert.Equal(1, await AuditedAsync("--precision", "bf16"));
        Assert.Equal(1, await AuditedAsync("--resize-mode", "pad"));
        Assert.Equal(0, await AuditedAsync("--resize-mode", "pad"));
        Assert.Equal(1, await AuditedAsync("--top", "2"));
        Assert.Equal(1, await AuditedAsync("--group-by", "license"));

        async Task<int> AuditedAsync(params string[] further)
        {
            var before = await CountAsync();
            var outcome = await _tool.RunAsync(Arguments(["--missing", .. further]));
            Assert.Equal(0, outcome.ExitCode);
            return await CountAsync() - before;
        }
    }

    [Fact]
    public async Task It_is_said_where_reports_do_not_say_enough_to_leave_anything_out()
    {
        var arguments = Arguments(["--missing", "--subset", "2"]).Where(argument => argument != "--quiet");
        var outcome = await _tool.RunAsync([.. arguments]);

        Assert.Contains(
            "Nothing is left out for --missing: reports do not say enough of audits with",
            outcome.Error.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Copies_of_a_picture_need_one_report()
    {
        var copy = Path.Combine(_tool.WorkingDirectory, "copy.png");
        File.Copy(world.Query, copy);

        await _tool.RunAsync(world.AuditArguments([world.Query, copy, world.OtherQuery], ["--missing"]));

        Assert.Equal(2, await CountAsync());
        _tool.Write("das-audit.policy.json", """{ "version": 1, "rules": [{ "rule": "picture-report" }] }""");
        Assert.Equal(0, (await _tool.RunAsync("policy", "check", "copy.png")).ExitCode);
    }

    [Fact]
    public async Task A_dataset_hits_the_rules_on_datasets()
    {
        _tool.Write("das-audit.policy.json", """{ "version": 1, "rules": [{ "rule": "dataset-license" }] }""");

        var outcome = await _tool.RunAsync("policy", "check", world.Dataset, "--json", "--quiet");

        var finding = Assert.Single(outcome.Json().GetProperty("findings").EnumerateArray());
        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal("p5.png", finding.GetProperty("subject").GetProperty("item").GetString());
        Assert.Equal($"{world.Dataset}/p5.png", finding.GetProperty("subject").GetProperty("file").GetString());
    }

    [Fact]
    public async Task A_report_is_current_until_the_weights_change()
    {
        var model = SmallWorld.Copy(world.Model, Path.Combine(_tool.WorkingDirectory, "model"));
        await _tool.RunAsync([.. Arguments().Select(argument => argument == world.Model ? model : argument)]);
        _tool.Write(
            "das-audit.policy.json",
            """{ "version": 1, "rules": [{ "rule": "picture-report" }, { "rule": "report-current" }] }"""
        );

        var current = await _tool.RunAsync("policy", "check", world.Query);
        var weights = SmallWorld.Weights(model);
        var bytes = File.ReadAllBytes(weights);
        bytes[^1] ^= 1;
        File.WriteAllBytes(weights, bytes);
        var stale = await _tool.RunAsync("policy", "check", world.Query);
        var named = await _tool.RunAsync("policy", "check", world.Query, world.Model);

        Assert.Equal(0, current.ExitCode);
        Assert.Equal(2, stale.ExitCode);
        Assert.Contains("DAS0009", stale.Out, StringComparison.Ordinal);
        Assert.Equal(0, named.ExitCode);
    }

    private string[] Arguments(params string[] further) => world.AuditArguments([world.Query], further);

    private async Task<int> CountAsync() =>
        (await _tool.RunAsync("reports", "list", "--json")).Json().GetProperty("items").GetArrayLength();
}
