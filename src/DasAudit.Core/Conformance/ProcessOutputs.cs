using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>How samples are noised for training, what is then to be predicted, and the schedule.</summary>
internal sealed class ProcessOutputs(GoldenInputs inputs, GoldenSet set, IDiffusionModel model) : IGoldenPart
{
    private const string Noisy = "train/noisy";
    private const string Target = "train/target";
    private const string Cumulative = "sched/alphas_cumprod";

    private string Clean => First("train/x0", GoldenInputs.Sample);

    private string Noise => First("train/noise", GoldenInputs.Noise);

    private string Timesteps => First("train/indices", GoldenInputs.Timesteps);

    public bool Knows(GoldenVariant variant) => variant.Base is Noisy or Target or Cumulative;

    public string? Obstacle(GoldenTensor tensor, GoldenVariant variant)
    {
        if (tensor.Name != Cumulative)
            return inputs.Lacking(Clean, Noise, Timesteps);
        return model.Process is DiscreteDiffusion ? null : "which the model's process has not";
    }

    public AdapterCheckResult? Compare(GoldenTensor tensor, GoldenVariant variant)
    {
        using var noGradient = no_grad();
        var actual = tensor.Name switch
        {
            Cumulative => TorchSharp.torch.tensor(((DiscreteDiffusion)model.Process).Schedule.AlphasCumprod.ToArray()),
            Noisy => model.Process.AddNoise(inputs.Floats(Clean), inputs.Floats(Noise), inputs.Longs(Timesteps)),
            _ => model.Process.Target(inputs.Floats(Clean), inputs.Floats(Noise), inputs.Longs(Timesteps)),
        };
        return GoldenTolerance.Compare(tensor, actual, GoldenTolerance.Process);
    }

    private string First(string name, string otherwise) => set.Has(name) ? name : otherwise;
}
