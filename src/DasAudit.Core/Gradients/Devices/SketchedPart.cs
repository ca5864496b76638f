using DasAudit.Core.Projections;

namespace DasAudit.Core.Gradients.Devices;

/// <summary>The gradients of one parameter as columns.</summary>
/// <param name="Projection">Where its coordinates go.</param>
/// <param name="Columns">n, how many there are.</param>
/// <param name="KernelLength">k if they lie as [O, k, C] and the parameter's coordinates as [O, C, k]; else 1.</param>
/// <param name="Outputs">O.</param>
internal sealed record SketchedPart(ProjectionPart Projection, int Columns, int KernelLength, int Outputs)
{
    /// <summary>The coordinate that a column is.</summary>
    public int Coordinate(int column)
    {
        if (KernelLength == 1)
            return column;
        var ofOutput = Columns / Outputs;
        var channels = ofOutput / KernelLength;
        var (output, place) = Math.DivRem(column, ofOutput);
        var (kernel, channel) = Math.DivRem(place, channels);
        return output * ofOutput + channel * KernelLength + kernel;
    }
}
