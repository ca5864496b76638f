namespace DasAudit.Core.Training.Replay;

/// <summary>Where training pictures are scored along a replay of K steps: at which steps, under which noise.</summary>
internal static class ReplayPasses
{
    /// <summary>Parts of the timesteps that are looked at, each with one of them at a step.</summary>
    public const int Strata = 5;

    /// <summary>The part of all timesteps, from the least noise, that is looked at.</summary>
    public const double LookedAt = 0.62;

    private const int MostSteps = 10;

    /// <summary>The scored steps, ascending: the middles of ten parts of the replay, or all of fewer.</summary>
    /// <param name="first">The first step that is replayed.</param>
    /// <param name="count">K.</param>
    public static int[] Steps(int first, int count)
    {
        var steps = Math.Min(MostSteps, count);
        return [.. Enumerable.Range(0, steps).Select(j => first + (int)((2L * j + 1) * count / (2L * steps)))];
    }

    /// <summary>A timestep of each stratum, ascending; from one scored step to the next they move through it.</summary>
    /// <param name="index">Which scored step, from 0.</param>
    /// <param name="trainTimesteps">T.</param>
    public static int[] Timesteps(int index, int trainTimesteps)
    {
        // Multiples of the golden ratio fill an interval evenly, however many there are.
        const double GoldenPart = 0.6180339887498949;
        var place = (index + 0.5) * GoldenPart % 1;
        var width = LookedAt * trainTimesteps / Strata;
        return [.. Enumerable.Range(0, Strata).Select(s => (int)((s + place) * width)).Distinct()];
    }
}
