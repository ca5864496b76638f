using DasAudit.Core.Models;

namespace DasAudit.Core.Features;

/// <summary>What features cost on this machine, from one timed batch on every worker at once.</summary>
/// <param name="SecondsPerPicture">Wall-clock seconds a picture, all workers together.</param>
/// <param name="StartSeconds">Wall-clock seconds before the first picture: loading and checking a model.</param>
/// <param name="MemoryBytes">Bytes that the workers take beside the program itself.</param>
/// <param name="PictureBytes">Bytes of one picture's features in float32.</param>
/// <param name="Workers">Workers that run at once.</param>
/// <param name="Rows">Most noised pictures in one batch.</param>
public sealed record FeatureCost(
    double SecondsPerPicture,
    double StartSeconds,
    long MemoryBytes,
    long PictureBytes,
    int Workers,
    int Rows
)
{
    internal static FeatureCost Of<TWorker>(ModelWorkers<TWorker> workers, double secondsOfWorker, long pictureBytes)
        where TWorker : class, IModelWorker =>
        new(
            secondsOfWorker / workers.Count,
            workers.StartSeconds,
            workers.MemoryBytes,
            pictureBytes,
            workers.Count,
            workers.Rows
        );
}
