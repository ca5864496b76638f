using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

/// <summary>An output function that is a formula of prediction and target.</summary>
/// <param name="name">Its name.</param>
/// <param name="formula">The scalar of each sample, float32 [B], of the prediction and the batch.</param>
internal sealed class FormulaOutput(string name, Func<Tensor, NoisyBatch, Tensor> formula) : IOutputFunction
{
    public string Name => name;

    public Tensor Of(Tensor prediction, NoisyBatch batch) => formula(prediction, batch);
}
