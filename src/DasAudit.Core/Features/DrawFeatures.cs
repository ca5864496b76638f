using DasAudit.Core.Gradients.Devices;
using static TorchSharp.torch;

namespace DasAudit.Core.Features;

/// <summary>
/// Makes features of the sketches of a batch, on the device: unit or raw, averaged over the timesteps of a noise draw
/// or kept apart. All of it comes to the processor in one copy.
/// </summary>
/// <param name="functions">Names of the output functions, in the order of the gradients.</param>
internal sealed class DrawFeatures(IReadOnlyList<FeatureKind> kinds, string[] functions)
{
    private const double Smallest = 1e-8;

    /// <summary>How many copies there were.</summary>
    public int HostCopies { get; private set; }

    /// <summary>Gives the pictures what the batch says of them.</summary>
    /// <returns>The first row whose gradient is zero or not finite; null if there is none.</returns>
    public UselessRow? Take(IReadOnlyList<Draw> draws, DrawWindow window, SketchedBatch batch)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var rows = (int)batch.SquaredErrors.shape[0];
        var slots = rows / window.Slots;
        List<Tensor> parts =
        [
            batch.SquaredErrors,
            .. batch.Norms,
            .. batch.TangentTargets.OfType<Tensor>(),
            .. kinds.Select(kind => Features(kind, batch, window, slots)),
        ];
        var packed = cat([.. parts.Select(part => part.to_type(float64).flatten())]);
        var values = packed.cpu().data<double>().ToArray();
        HostCopies++;
        return new PackedBatch(values, rows, batch, kinds).GiveTo(draws, window);
    }

    // Averaged [draws, k], apart [B, k].
    private Tensor Features(FeatureKind kind, SketchedBatch batch, DrawWindow window, int slots)
    {
        var function = Array.IndexOf(functions, kind.Function);
        var sketches = batch.Sketches[function];
        var norms = batch.Norms[function];
        var weights = kind.Unit ? 1 / (norms + Smallest) : ones_like(norms);
        if (kind.Apart)
            return (sketches * weights.to_type(float32)).t();
        // What fills the batch up beyond whole draws does not count.
        var rows = slots * window.Slots;
        var byDraw = (weights / window.All).to_type(float32).narrow(0, 0, rows).view(slots, window.Slots);
        var counted = byDraw.narrow(1, 0, window.Timesteps);
        var ofDraws = sketches.narrow(1, 0, rows).unflatten(1, slots, window.Slots).narrow(2, 0, window.Timesteps);
        return (ofDraws * counted).sum([2L]).t();
    }
}

/// <summary>A row of which no feature can be made.</summary>
internal readonly record struct UselessRow(int Row, int Draw, int Function);
