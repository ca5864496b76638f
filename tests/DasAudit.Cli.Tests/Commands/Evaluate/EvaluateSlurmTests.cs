using DasAudit.Cli.Shell;
using DasAudit.Cli.Tests.Harness;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

public sealed class EvaluateSlurmTests : IDisposable
{
    private static readonly string[] Quick = ["evaluate", "lds", "--preset", "quick", "--study", "it's mine"];

    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public async Task The_script_runs_the_same_command_a_share_at_a_time()
    {
        var outcome = await _tool.RunAsync([
            .. Quick,
            "--slurm-tasks=3",
            "--slurm",
            "jobs.sh",
            "--losses=all losses.csv",
        ]);

        Assert.Equal(ExitCode.Done, outcome.ExitCode);
        const string command = """evaluate lds --preset quick --study 'it'\''s mine' --losses 'all losses.csv'""";
        var program = Path.Combine(_tool.ToolDirectory, "das-audit");
        var study = $"""'{_tool.WorkingDirectory}/it'\''s mine/slurm-%A_%a""";
        Assert.Equal(
            $"""
            #!/bin/bash
            #SBATCH --job-name=das-audit-lds
            #SBATCH --array=1-3
            #SBATCH --cpus-per-task=1
            #SBATCH --chdir={_tool.WorkingDirectory}
            #SBATCH --output={study}.out'
            #SBATCH --error={study}.err'
            # A task trains its share of the models and ends.
            # When all tasks are done, run the same command without --shard: it measures.
            exec {program} {command} --threads "$SLURM_CPUS_PER_TASK" --shard "$SLURM_ARRAY_TASK_ID/3"

            """,
            await File.ReadAllTextAsync(Script, TestContext.Current.CancellationToken)
        );
        Assert.Equal("", outcome.Out);
        Assert.Equal(
            $"""
            Submit the models' training: sbatch jobs.sh
            When all of its tasks are done, run: {program} {command}

            """,
            outcome.Error
        );
    }

    [Fact]
    public async Task Nothing_is_trained_and_a_script_that_is_there_is_replaced()
    {
        _tool.Write("jobs.sh", "old");
        var outcome = await _tool.RunAsync([.. Quick, "--slurm", "jobs.sh"]);
        Assert.Equal(ExitCode.Done, outcome.ExitCode);
        Assert.StartsWith("#!/bin/bash\n", await File.ReadAllTextAsync(Script, TestContext.Current.CancellationToken));
        Assert.Equal(["it's mine", "jobs.sh"], Names(_tool.WorkingDirectory));
        Assert.Empty(Names(Path.Combine(_tool.WorkingDirectory, "it's mine")));
    }

    [Fact]
    public async Task A_share_beside_it_is_refused() =>
        await RefuseAsync(
            "--slurm gives each task its share; leave out --slurm or --shard.",
            "--slurm",
            "jobs.sh",
            "--shard",
            "1/2"
        );

    [Fact]
    public async Task A_share_in_the_environment_is_refused_too()
    {
        _tool.Variables["DASAUDIT_SHARD"] = "1/2";
        await RefuseAsync(
            "--slurm gives each task its share; leave out --slurm or DASAUDIT_SHARD.",
            "--slurm",
            "jobs.sh"
        );
    }

    [Fact]
    public async Task A_script_is_not_asked_for_where_its_tasks_would_ask_for_it_again()
    {
        _tool.Variables["DASAUDIT_SLURM"] = "jobs.sh";
        await RefuseAsync("--slurm belongs on the command line, not in DASAUDIT_SLURM, where its tasks find it.");
    }

    [Fact]
    public async Task A_number_of_tasks_without_a_script_is_refused() =>
        await RefuseAsync("--slurm-tasks says nothing without --slurm.", "--slurm-tasks", "4");

    private string Script => Path.Combine(_tool.WorkingDirectory, "jobs.sh");

    private async Task RefuseAsync(string sentence, params string[] args)
    {
        var outcome = await _tool.RunAsync([.. Quick, .. args]);
        Assert.Equal(ExitCode.Usage, outcome.ExitCode);
        Assert.StartsWith($"das-audit: {sentence}\n", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(Names(_tool.WorkingDirectory));
    }

    private static IEnumerable<string?> Names(string folder) =>
        Directory.GetFileSystemEntries(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
