using DasAudit.Core.Diffusion;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Outputs;

internal sealed class FormulaOutput(string name, Func<Tensor, NoisyBatch, Tensor> formula) : IOutputFunction
{
    public string Name => name;

    public Tensor Of(Tensor prediction, NoisyBatch batch) => formula(prediction, batch);
}
