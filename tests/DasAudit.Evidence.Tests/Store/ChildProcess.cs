using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using DasAudit.Evidence.Store;
using DasAudit.Evidence.Store.Copies;

namespace DasAudit.Evidence.Tests.Store;

/// <summary>This test program started a second time, to do something with a store instead of running tests.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const string Variable = "DASAUDIT_EVIDENCE_TEST_CHILD";
    private readonly Process _process;

    /// <param name="job"><c>add</c>: adds reports with numbers from <paramref name="first"/> and prints each number
    /// once its report is stored. <c>share</c>: the same, with pauses for others. <c>hold</c>: takes the
    /// lock, prints <c>held</c> and keeps it until standard input
    /// ends. <c>compact</c>: compacts the store again and again. <c>restore</c>: makes it of <see cref="Export"/>.
    /// </param>
    /// <param name="path">The store.</param>
    /// <param name="first">First report number.</param>
    internal ChildProcess(string job, string path, int first = 0)
    {
        var assembly = typeof(ChildProcess).Assembly.Location;
        var host = Path.ChangeExtension(assembly, null);
        _process = Process.Start(
            new ProcessStartInfo(host)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                Environment = { [Variable] = $"{job}\n{path}\n{first.ToString(CultureInfo.InvariantCulture)}" },
            }
        )!;
    }

    /// <summary>The export that <c>restore</c> makes a store of.</summary>
    internal static string Export(string path) => path + ".export.zip";

    internal string? ReadLine() => _process.StandardOutput.ReadLine();

    /// <summary>Kills it at once (SIGKILL), and returns the lines that it had still printed.</summary>
    internal IEnumerable<string> Kill()
    {
        _process.Kill();
        _process.WaitForExit();
        return _process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    internal void End()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    [ModuleInitializer]
    internal static void RunIfChild()
    {
        if (Environment.GetEnvironmentVariable(Variable)?.Split('\n') is not [var job, var path, var first])
            return;
        if (job == "hold")
            Hold(path);
        else
            Work(job, path, int.Parse(first, CultureInfo.InvariantCulture));
        Environment.Exit(0);
    }

    private static void Work(string job, string path, int first)
    {
        EndWithParent();
        Console.WriteLine("begun");
        if (job == "compact")
            Compact(path);
        else if (job == "restore")
            StoreRestore.Run(new StoreConnection(path, TimeProvider.System), Export(path), null);
        else
            Add(path, first, job == "share" ? 20 : 0);
    }

    private static void Hold(string path)
    {
        using var held = StoreLock.Acquire(path, StoreAccess.ReadWrite, TimeSpan.Zero, TimeProvider.System)!;
        Console.WriteLine("held");
        Console.In.ReadToEnd();
    }

    private static void Compact(string path)
    {
        for (var round = 0; ; round++)
        {
            File.Delete(path + StoreCompaction.OldSuffix);
            StoreCompaction.Run(new StoreConnection(path, TimeProvider.System), keepOld: round % 2 == 0, null);
            Console.WriteLine("compacted");
        }
    }

    // However the parent ends.
    private static void EndWithParent() =>
        new Thread(() =>
        {
            Console.In.ReadToEnd();
            Environment.Exit(0);
        })
        {
            IsBackground = true,
        }.Start();

    private static void Add(string path, int first, int pause)
    {
        using var store = ReportStore.Open(path, StoreAccess.ReadWrite);
        for (var number = first; ; number++)
        {
            store.Add(SampleReport.Create(number));
            Console.WriteLine(number.ToString(CultureInfo.InvariantCulture));
            Thread.Sleep(pause);
        }
    }
}
