using System.CommandLine.Parsing;
using DasAudit.Cli.Output;
using DasAudit.Core.Files;

namespace DasAudit.Cli.Commands.Evaluate;

/// <summary>A job array for Slurm. Each of its tasks trains a share of the models of a study.</summary>
/// <param name="JobName">Letters, digits and hyphens.</param>
/// <param name="Tasks">At least 1.</param>
/// <param name="Threads">Of a task; null where the command line does not say it, for one.</param>
/// <param name="WorkingDirectory">Where tasks run, absolute.</param>
/// <param name="Logs">The folder of what tasks print, absolute.</param>
/// <param name="Program">What starts the tool; paths are absolute.</param>
/// <param name="Arguments">Its command line, without a share and without what asks for a script.</param>
internal sealed record SlurmScript(
    string JobName,
    int Tasks,
    int? Threads,
    string WorkingDirectory,
    string Logs,
    IReadOnlyList<string> Program,
    IReadOnlyList<string> Arguments
)
{
    /// <summary>What stands before arguments that are no options, whatever they look like.</summary>
    private const string EndOfOptions = "--";

    /// <summary>The command line that trains what is left and measures.</summary>
    public string Command => string.Join(' ', Words(Program).Concat(Words(Arguments)));

    private string TaskCommand
    {
        get
        {
            var options = Arguments.TakeWhile(argument => argument != EndOfOptions).ToList();
            List<string> words = [.. Words(Program), .. Words(options)];
            if (Threads is null)
                words.Add("--threads \"$SLURM_CPUS_PER_TASK\"");
            words.Add($"--shard \"$SLURM_ARRAY_TASK_ID/{Tasks}\"");
            return string.Join(' ', words.Concat(Words(Arguments.Skip(options.Count))));
        }
    }

    /// <summary>The arguments of a command line without some options and their values.</summary>
    /// <param name="options">Each takes one value.</param>
    public static IReadOnlyList<string> Plain(IReadOnlyList<Token> arguments, IReadOnlyList<string> options)
    {
        var plain = new List<string>();
        for (var place = 0; place < arguments.Count; place++)
            if (arguments[place].Type == TokenType.Option && options.Contains(arguments[place].Value))
                place++;
            else
                plain.Add(arguments[place].Value);
        return plain;
    }

    /// <summary>Writes the script, and makes the folder of its logs, without which Slurm runs no task.</summary>
    /// <param name="path">A file there is replaced, whole or not at all.</param>
    /// <exception cref="AuditException">Slurm cannot be told of a folder.</exception>
    public void Write(string path)
    {
        foreach (var folder in (string[])[WorkingDirectory, Logs])
            if (folder.Any(c => c == '\\' || char.IsControl(c)))
                throw new AuditException(
                    $"Slurm takes no folder with a backslash or a line break in its name: rename '{folder}'."
                );
        Directory.CreateDirectory(Logs);
        AtomicFile.Write(path, Write);
    }

    /// <summary>Writes the script's text.</summary>
    public void Write(TextWriter script)
    {
        script.WriteLine("#!/bin/bash");
        script.WriteLine($"#SBATCH --job-name={JobName}");
        script.WriteLine($"#SBATCH --array=1-{Tasks}");
        script.WriteLine($"#SBATCH --cpus-per-task={Threads ?? 1}");
        // Slurm reads quotes as shells do.
        script.WriteLine($"#SBATCH --chdir={CommandLineText.PosixArgument(WorkingDirectory)}");
        script.WriteLine($"#SBATCH --output={LogFile("out")}");
        script.WriteLine($"#SBATCH --error={LogFile("err")}");
        script.WriteLine("# A task trains its share of the models and ends.");
        script.WriteLine("# When all tasks are done, run the same command without --shard: it measures.");
        script.WriteLine($"exec {TaskCommand}");
    }

    // %A is the job's number, %a the task's.
    private string LogFile(string ending) =>
        CommandLineText.PosixArgument(
            Path.Combine(Logs.Replace("%", "%%", StringComparison.Ordinal), $"slurm-%A_%a.{ending}")
        );

    private static IEnumerable<string> Words(IEnumerable<string> arguments) =>
        arguments.Select(CommandLineText.PosixArgument);
}
