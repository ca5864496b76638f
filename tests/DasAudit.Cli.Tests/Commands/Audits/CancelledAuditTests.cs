using DasAudit.Cli.CommandLine;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Audits;

[Collection(nameof(SmallWorldTests))]
public sealed class CancelledAuditTests(SmallWorld world) : IDisposable
{
    private readonly Tool _tool = SmallWorld.NewTool();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task It_is_130_and_stores_nothing()
    {
        var outcome = await _tool.RunUntilAsync(
            new CancellationToken(canceled: true),
            ["audit", world.Query, "--model", world.Model, "--dataset", world.Dataset, "--json", .. SmallWorld.Quick]
        );

        Assert.Equal(new Outcome(130, "", "das-audit: cancelled; nothing half-written was left behind.\n"), outcome);
        var files = SmallWorld.Contents(Path.Combine(_tool.WorkingDirectory, ".das-audit")).Keys;
        Assert.DoesNotContain(files, file => !file.StartsWith("indexes/", StringComparison.Ordinal));
    }
}
