using DasAudit.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Testing;

/// <summary>
/// A denoiser of one grey pixel, linear in its parameters: x̂₀ = θᵀψ(x_t) with features ψ of norm 1, in closed form.
/// </summary>
internal sealed class LinearModel : IDiffusionModel
{
    public const int Features = 12;

    private readonly RidgeNetwork _network;

    public LinearModel(double[]? theta = null) => _network = new RidgeNetwork(theta ?? new double[Features]);

    public nn.Module Network => _network;

    public IForwardProcess Process { get; } = new DiscreteDiffusion(NoiseSchedule.Linear(1000), PredictionType.Sample);

    public ImageShape PictureShape => new(1, 1, 1);

    public IReadOnlyList<string> Files => [];

    public Tensor Predict(Tensor noisy, Tensor timesteps, ConditionTensors? condition = null) => _network.call(noisy);

    public void Dispose() => _network.Dispose();

    /// <summary>ψ of one noisy pixel, norm 1.</summary>
    public static double[] Psi(double noisy)
    {
        var values = Enumerable.Range(0, Features).Select(j => Math.Cos((0.6 + 0.45 * j) * noisy + 0.7 * j)).ToArray();
        var norm = Math.Sqrt(values.Sum(v => v * v));
        return [.. values.Select(v => v / norm)];
    }

    private sealed class RidgeNetwork : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter _theta;

        public RidgeNetwork(double[] theta)
            : base("linear")
        {
            // A copy lies as libtorch aligns its memory; an array does not, and that would change the last digits.
            _theta = new Parameter(tensor(theta.Select(v => (float)v).ToArray()).clone());
            RegisterComponents();
            register_parameter("theta", _theta);
        }

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var j = arange(Features, dtype: float32);
            var psi = ((0.6f + 0.45f * j) * input.view(-1, 1) + 0.7f * j).cos();
            psi /= psi.square().sum(1, keepdim: true).sqrt();
            return psi.mv(_theta).view(-1, 1, 1, 1).MoveToOuterDisposeScope();
        }
    }
}
