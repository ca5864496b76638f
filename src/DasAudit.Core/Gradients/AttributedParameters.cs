using DasAudit.Abstractions;
using DasAudit.Core.Files;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>The parameters whose gradients are taken, in the network's own order.</summary>
public sealed class AttributedParameters
{
    private AttributedParameters(
        IReadOnlyList<string> names,
        IReadOnlyList<Tensor> tensors,
        AdamMetric? metric,
        GradientSpace space
    )
    {
        (Names, Tensors, Space) = (names, tensors, space);
        Count = checked((int)tensors.Sum(parameter => parameter.numel()));
        Scales = metric?.Scales(this);
    }

    /// <summary>Names, as <c>named_parameters()</c> gives them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The parameters themselves; owned by the network.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>What each parameter's gradient is multiplied by elementwise; null for nothing.</summary>
    public IReadOnlyList<float[]>? Scales { get; }

    /// <summary>p, the number of values.</summary>
    public int Count { get; }

    /// <summary>The coordinates of their gradients.</summary>
    internal GradientSpace Space { get; }

    /// <summary>Selects by name and lets exactly the selected parameters require gradients.</summary>
    /// <param name="network">The network.</param>
    /// <param name="filter">Rules of a <see cref="ParameterFilter"/>; null for all.</param>
    /// <param name="metric">The inner product of gradients; null for the usual one.</param>
    /// <param name="logra">LoGra's ranks; null for the coordinates that gradients have.</param>
    /// <param name="seed">Seed of LoGra's matrices.</param>
    /// <exception cref="AuditException">A rule is no regular expression, no parameter is selected, or metric and LoGra are both given.</exception>
    public static AttributedParameters Select(
        nn.Module network,
        string? filter,
        AdamMetric? metric = null,
        LograRanks? logra = null,
        long seed = 0
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        var wanted = new ParameterFilter(filter);
        var names = new List<string>();
        var tensors = new List<Tensor>();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var selected = wanted.Selects(name);
            parameter.requires_grad_(selected);
            if (!selected)
                continue;
            names.Add(name);
            tensors.Add(parameter);
        }

        if (names.Count == 0)
            throw new AuditException(
                $"--parameters '{filter}' selects none of the model's parameters, which are named like {network.named_parameters().First().name}."
            );
        CheckMetric(metric, logra);
        var whole = network
            .named_modules()
            .Prepend((name: "", module: network))
            .Where(named => named.module is LayerNorm or IPerSampleGradients)
            .SelectMany(named =>
                named.module.named_parameters(recurse: false).Select(own => $"{named.name}.{own.name}".TrimStart('.'))
            )
            .ToHashSet();
        return new(names, tensors, metric, new(names, tensors, name => whole.Contains(name) ? null : logra, seed));
    }

    /// <summary>Refuses a metric together with LoGra.</summary>
    /// <param name="metric">The inner product of gradients; null for the usual one.</param>
    /// <param name="logra">LoGra's ranks; null for the coordinates that gradients have.</param>
    /// <exception cref="AuditException">Both are given.</exception>
    internal static void CheckMetric(AdamMetric? metric, LograRanks? logra)
    {
        if (metric is not null && logra is not null)
            throw new AuditException(
                "Adam's metric needs whole gradients, which LoGra never forms; choose another "
                    + $"{Settings.Name("projection")}, or leave the metric out."
            );
    }

    /// <summary>Lets the selected parameters require gradients, or not; the others never do.</summary>
    internal void RequireGradients(bool required)
    {
        foreach (var tensor in Tensors)
            tensor.requires_grad_(required);
    }
}
