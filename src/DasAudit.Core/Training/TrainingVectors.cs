using static TorchSharp.torch;

namespace DasAudit.Core.Training;

/// <summary>Copies of what training changes, each one flat vector over the trained parameters, which stand
/// row-major one after the other.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Average">The moving average of the weights.</param>
/// <param name="FirstMoments">AdamW's m.</param>
/// <param name="SecondMoments">AdamW's v.</param>
internal sealed record TrainingVectors(
    int Step,
    Tensor Weights,
    Tensor Average,
    Tensor FirstMoments,
    Tensor SecondMoments
) : IDisposable
{
    public void Dispose()
    {
        Weights.Dispose();
        Average.Dispose();
        FirstMoments.Dispose();
        SecondMoments.Dispose();
    }
}
