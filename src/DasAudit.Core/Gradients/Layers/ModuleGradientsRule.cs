using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Modules that say themselves what the gradients of their parameters are.</summary>
/// <param name="parameters">Name in the module and shape of each attributed parameter.</param>
internal sealed class ModuleGradientsRule(
    IPerSampleGradients module,
    IReadOnlyList<(string Name, long[] Shape)> parameters
) : ILayerRule
{
    public ParameterGradients?[][] Compute(Tensor input, Tensor[] deltas, Attributed attributed) =>
        Array.ConvertAll(deltas, delta => Compute(input, delta));

    public void Dispose() { }

    private ParameterGradients[] Compute(Tensor input, Tensor delta)
    {
        var given = Ask(input, delta);
        foreach (var (name, shape) in parameters)
            Check(given, name, [input.shape[0], .. shape]);
        // Copies, because these are changed later and may be views of what others need.
        return [.. parameters.Select(parameter => new DenseGradients(given[parameter.Name].clone()))];
    }

    private IReadOnlyDictionary<string, Tensor> Ask(Tensor input, Tensor delta)
    {
        try
        {
            return module.PerSampleGradients(input, delta);
        }
#pragma warning disable CA1031 // Code of others; whatever it throws, automatic differentiation is there.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw Unusable($"fails: {e.Message.Split('\n')[0]}");
        }
    }

    private static void Check(IReadOnlyDictionary<string, Tensor> given, string name, long[] shape)
    {
        if (!given.TryGetValue(name, out var gradients))
            throw Unusable($"gives nothing for {name}");
        if (gradients.dtype != ScalarType.Float32 || !gradients.shape.SequenceEqual(shape))
            throw Unusable(
                $"gives {gradients.dtype} [{string.Join(", ", gradients.shape)}] for {name}, "
                    + $"not Float32 [{string.Join(", ", shape)}]"
            );
    }

    private static LayerNotSupportedException Unusable(string reason) => new($"{nameof(IPerSampleGradients)} {reason}");
}
