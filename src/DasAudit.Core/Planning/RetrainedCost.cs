using System.Diagnostics;
using DasAudit.Abstractions;
using DasAudit.Core.Audits;
using DasAudit.Core.Evaluation;
using DasAudit.Core.Torch;

namespace DasAudit.Core.Planning;

/// <summary>What the losses of queries under retrained models will cost: one model is loaded, and sees one picture of nothing twice.</summary>
internal static class RetrainedCost
{
    /// <summary>Measures it.</summary>
    /// <returns>The stage, and the bytes of all workers.</returns>
    /// <exception cref="AuditException">There are too few models, or the first cannot be used.</exception>
    public static (StagePlan Stage, long MemoryBytes) Measure(
        AuditRequest request,
        int queries,
        CancellationToken cancellation
    )
    {
        var found = RetrainedSet.Find(request.Methods, request.Retrained, request.Resolve);
        TorchThreads.Use(1);
        var watch = Stopwatch.StartNew();
        using var model = RetrainedEvidence.Load(request, found[0], new());
        var loading = watch.Elapsed.TotalSeconds;
        var memory = SimpleLoss.Memory(model);
        var (rows, workers) = memory.Fit(
            request.Device.type,
            Math.Min(found.Count, request.Environment.Threads),
            request.Gradients.Memory
        );
        Loss();
        watch.Restart();
        Loss();
        var rounds = (found.Count + workers - 1) / workers;
        return (
            new("retrained models", queries, rounds * (loading + queries * watch.Elapsed.TotalSeconds)),
            workers * (memory.Fixed + rows * memory.PerRow)
        );

        void Loss() =>
            SimpleLoss.Of(
                model,
                new("nothing", () => new float[model.PictureShape.Length], new(request.QueryClass ?? 0, null)),
                request.Gradients,
                rows,
                cancellation
            );
    }
}
