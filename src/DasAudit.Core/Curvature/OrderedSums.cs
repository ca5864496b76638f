using DasAudit.Core.Models;

namespace DasAudit.Core.Curvature;

/// <summary>
/// Sums over pictures by several workers: groups of pictures are summed by one worker each, and the groups' sums are
/// added in order, so the number of workers changes no bit.
/// </summary>
internal static class OrderedSums
{
    private const int Group = 16;

    /// <summary>How many pictures' time it takes: groups are not shared, and the first is summed alone.</summary>
    public static int Longest(int pictures, int workers)
    {
        var ends = Enumerable.Repeat(Math.Min(Group, pictures), workers).ToArray();
        for (var left = pictures - ends[0]; left > 0; left -= Group)
            ends[Array.IndexOf(ends, ends.Min())] += Math.Min(Group, left);
        return ends.Max();
    }

    /// <summary>Adds up pictures; the caller disposes the sums.</summary>
    public static TSums Compute<TSums>(
        IReadOnlyList<ModelPicture> pictures,
        Func<TSums> create,
        ModelWorkers<KroneckerWorker> workers,
        Action<KroneckerWorker, ModelPicture, TSums> add
    )
        where TSums : KroneckerSums
    {
        var (gate, total, waiting, next) = (new Lock(), create(), new Dictionary<int, TSums>(), 0);
        var groups = pictures.Chunk(Group).ToList();
        try
        {
            workers.Run(
                groups.Count,
                (worker, index) =>
                {
                    var sums = create();
                    try
                    {
                        foreach (var picture in groups[index])
                            add(worker, picture, sums);
                    }
                    catch
                    {
                        sums.Dispose();
                        throw;
                    }

                    lock (gate)
                    {
                        waiting.Add(index, sums);
                        for (; waiting.Remove(next, out var following); next++)
                        {
                            using (following)
                                total.Add(following);
                        }
                    }
                }
            );
            return total;
        }
        catch
        {
            total.Dispose();
            throw;
        }
        finally
        {
            foreach (var sums in waiting.Values)
                sums.Dispose();
        }
    }
}
