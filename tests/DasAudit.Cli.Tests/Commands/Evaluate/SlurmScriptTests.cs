using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Cli.Commands.Evaluate;

namespace DasAudit.Cli.Tests.Commands.Evaluate;

public sealed class SlurmScriptTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_task_gets_every_argument_as_it_was_given()
    {
        string[] arguments =
        [
            "it's",
            "two words",
            "\"quoted\"",
            "$HOME",
            "`id`",
            "*",
            "~",
            "",
            "back\\slash",
            "two\nlines",
            "--filter=a|b;c&d",
            "Übersee",
        ];
        var script = Script(arguments);
        Assert.Equal(
            [.. arguments, "--threads", "2", "--shard", "3/4"],
            Run(script, ("SLURM_ARRAY_TASK_ID", "3"), ("SLURM_CPUS_PER_TASK", "2"))
        );
    }

    [Fact]
    public void Asked_threads_are_reserved_and_not_said_twice()
    {
        var script = Script(["--threads", "6"]) with { Threads = 6 };
        Assert.Contains("#SBATCH --cpus-per-task=6", Lines(script));
        Assert.Equal(["--threads", "6", "--shard", "1/4"], Run(script, ("SLURM_ARRAY_TASK_ID", "1")));
    }

    [Fact]
    public void Options_of_a_task_stand_before_arguments_that_are_no_options()
    {
        var script = Script(["--json", "--", "made"]) with { Threads = 1 };
        Assert.Equal(["--json", "--shard", "1/4", "--", "made"], Run(script, ("SLURM_ARRAY_TASK_ID", "1")));
    }

    [Fact]
    public void Slurm_is_told_of_folders_with_quotes_and_per_cent_signs()
    {
        var script = Script([]) with { WorkingDirectory = "/home/it's me", Logs = "/home/it's me/50% parts" };
        Assert.Contains("""#SBATCH --chdir='/home/it'\''s me'""", Lines(script));
        Assert.Contains("""#SBATCH --output='/home/it'\''s me/50%% parts/slurm-%A_%a.out'""", Lines(script));
        Assert.Contains("""#SBATCH --error='/home/it'\''s me/50%% parts/slurm-%A_%a.err'""", Lines(script));
    }

    [Theory]
    [InlineData("back\\slash")]
    [InlineData("two\nlines")]
    public void A_folder_that_Slurm_cannot_be_told_of_is_refused_before_anything_is_written(string name)
    {
        var logs = Path.Combine(_folder.Path, name);
        var path = Path.Combine(_folder.Path, "job.sh");
        var error = Assert.Throws<AuditException>(() => (Script([]) with { Logs = logs }).Write(path));
        Assert.Contains(logs, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    // The program prints its arguments, each with a zero behind it.
    private SlurmScript Script(IReadOnlyList<string> arguments) =>
        new(
            "das-audit-lds",
            Tasks: 4,
            Threads: null,
            WorkingDirectory: _folder.Path,
            Logs: _folder.Path,
            ["/usr/bin/printf", @"%s\0"],
            arguments
        );

    private static string[] Lines(SlurmScript script)
    {
        using var text = new StringWriter { NewLine = "\n" };
        script.Write(text);
        return text.ToString().Split('\n');
    }

    private string[] Run(SlurmScript script, params IReadOnlyList<(string Name, string Value)> variables)
    {
        var path = Path.Combine(_folder.Path, "job.sh");
        script.Write(path);
        var start = new ProcessStartInfo("/bin/bash", [path]) { RedirectStandardOutput = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\0')[..^1];
    }
}
