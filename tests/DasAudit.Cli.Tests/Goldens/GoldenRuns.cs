using System.Collections.Concurrent;
using DasAudit.Cli.Tests.Commands.Audits;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Goldens;

/// <summary>Runs everything once, as many runs at a time as there are processors; tests compare the outcome.</summary>
public sealed class GoldenRuns : IAsyncLifetime
{
    private static readonly string[] Formats = ["html", "md", "csv"];

    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly GoldenTool _tool;

    public GoldenRuns() => _tool = new(_folder.Path);

    /// <summary>Where the runs left their files.</summary>
    internal string At(string name) => Path.Combine(_folder.Path, name);

    /// <summary>What runs wrote, normalised, by the name of the expected file.</summary>
    internal IReadOnlyDictionary<string, string> Texts => _texts;

    public async ValueTask InitializeAsync()
    {
        GoldenWorld.Write(_folder.Path);
        foreach (var stage in OtherCases.Preparations)
            await EachAsync(stage, run => WriteAsync("runs", run, _tool.RunAsync));
        // As it was built: audits add the pictures they ask about.
        SmallWorld.Copy(Assert.Single(Directory.GetDirectories(At("stores/features"))), At("kept"));
        await EachAsync(AuditCases.Cases, AuditAsync);
        await EachAsync(OtherCases.Texts, run => WriteAsync("texts", run, _tool.SayAsync));
        await EachAsync(OtherCases.Help, run => WriteAsync("help", run, _tool.SayAsync));
        await EachAsync(OtherCases.Bad, run => WriteAsync("bad", run, _tool.RunAsync));
    }

    public ValueTask DisposeAsync()
    {
        _tool.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Task EachAsync(IReadOnlyList<GoldenCase> runs, Func<GoldenCase, Task> run) =>
        Parallel.ForEachAsync(
            runs,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            async (next, _) => await run(next)
        );

    private async Task AuditAsync(GoldenCase audit)
    {
        var outcome = await _tool.RunAsync(audit.CommandLine);
        _texts[$"audits/{audit.Name}.json"] = Normaliser.Report(Words(outcome), "json", _folder.Path);
        if (outcome.ExitCode != 0 || !AuditCases.Exported.Contains(audit.Name))
            return;
        var ids = Ids(outcome);
        foreach (var (i, id) in ids.Index())
        {
            foreach (var format in Formats)
            {
                var store = AuditCases.Store(audit.Name);
                var export = await _tool.SayAsync($"reports export {id} --format {format} --store {store}");
                var name = ids.Count == 1 ? audit.Name : $"{audit.Name}-{i + 1}";
                var ending = format == "html" ? "html.gz" : format;
                _texts[$"audits/{name}.{ending}"] = Normaliser.Report(Words(export), format, _folder.Path);
            }
        }
    }

    private static List<string> Ids(Outcome outcome)
    {
        var document = outcome.Json();
        return document.TryGetProperty("items", out var items)
            ? [.. items.EnumerateArray().Select(item => item.GetProperty("id").GetString()!)]
            : [document.GetProperty("id").GetString()!];
    }

    private async Task WriteAsync(string group, GoldenCase run, Func<string, Task<Outcome>> start)
    {
        var words = Words(await start(run.CommandLine));
        var measured = run.Name is "plan" or "features-build" or "features-half";
        _texts[$"{group}/{run.Name}.txt"] = measured
            ? Normaliser.Measured(words, _folder.Path)
            : Normaliser.Printed(words, _folder.Path);
    }

    // Standard output as it is; what else there is comes after it.
    private static string Words(Outcome outcome)
    {
        var text = outcome.Out;
        if (outcome.Error.Length > 0)
            text += $"--- standard error\n{outcome.Error}";
        if (outcome.ExitCode != 0)
            text += $"--- exit code {outcome.ExitCode}\n";
        return text;
    }
}

/// <summary>Tests of what one set of runs left.</summary>
[CollectionDefinition(nameof(GoldenTests))]
public sealed class GoldenTests : ICollectionFixture<GoldenRuns>;
