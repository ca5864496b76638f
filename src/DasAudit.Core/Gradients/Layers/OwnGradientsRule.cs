using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients.Layers;

/// <summary>Modules that say themselves what the gradients of their parameters are.</summary>
/// <param name="module">The module.</param>
/// <param name="parameters">Name in the module and shape of each attributed parameter, in the order of the results.</param>
internal sealed class OwnGradientsRule(
    IPerSampleGradients module,
    IReadOnlyList<(string Name, long[] Shape)> parameters
) : ILayerRule
{
    /// <exception cref="LayerNotSupportedException">The module fails, or gives something else than asked for.</exception>
    public LayerGradients[] Compute(Tensor input, Tensor[] deltas, WantedParameters wanted) =>
        [.. deltas.Select(delta => Compute(input, delta))];

    private LayerGradients Compute(Tensor input, Tensor delta)
    {
        var given = Ask(input, delta);
        // Copies, because these are changed later and may be views of what others need.
        return new([
            .. parameters
                .Select(parameter => Checked(given, parameter.Name, [input.shape[0], .. parameter.Shape]))
                .ToList()
                .Select(own => new DenseGradients(own.clone())),
        ]);
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
            throw new LayerNotSupportedException($"{nameof(IPerSampleGradients)} fails: {e.Message.Split('\n')[0]}");
        }
    }

    private static Tensor Checked(IReadOnlyDictionary<string, Tensor> given, string name, long[] shape)
    {
        if (!given.TryGetValue(name, out var own))
            throw new LayerNotSupportedException($"{nameof(IPerSampleGradients)} gives nothing for {name}");
        return own.dtype == ScalarType.Float32 && own.shape.SequenceEqual(shape)
            ? own
            : throw new LayerNotSupportedException(
                $"{nameof(IPerSampleGradients)} gives {own.dtype} [{string.Join(", ", own.shape)}] for {name}, not Float32 [{string.Join(", ", shape)}]"
            );
    }
}
