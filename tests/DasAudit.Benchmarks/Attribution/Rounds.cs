using System.Diagnostics;

namespace DasAudit.Benchmarks.Attribution;

/// <summary>Times several ways in turn in one process, after a round that does not count.</summary>
internal static class Rounds
{
    /// <summary>Median CPU seconds of the process, and median seconds by the clock, of each way.</summary>
    public static (double Cpu, double Wall)[] Time(int rounds, params Action[] ways)
    {
        var times = ways.Select(_ => new List<(double Cpu, double Wall)>()).ToArray();
        for (var round = -1; round < rounds; round++)
        {
            for (var i = 0; i < ways.Length; i++)
            {
                var cpu = Environment.CpuUsage.TotalTime;
                var clock = Stopwatch.StartNew();
                ways[i]();
                if (round >= 0)
                    times[i].Add(((Environment.CpuUsage.TotalTime - cpu).TotalSeconds, clock.Elapsed.TotalSeconds));
            }
        }

        return [.. times.Select(way => (Median(way.Select(time => time.Cpu)), Median(way.Select(time => time.Wall))))];
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
