using DasAudit.Core.Files;
using DasAudit.Core.Projections;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>The parameters whose gradients are taken, in the network's own order.</summary>
internal sealed class AttributedParameters
{
    private readonly Dictionary<string, int> _positions;

    private AttributedParameters(
        IReadOnlyList<(string Name, Tensor Tensor)> parameters,
        AdamMetric? metric,
        GradientSpace space
    )
    {
        Names = [.. parameters.Select(parameter => parameter.Name)];
        Tensors = [.. parameters.Select(parameter => parameter.Tensor)];
        _positions = Names.Index().ToDictionary(named => named.Item, named => named.Index);
        Space = space;
        Count = checked((int)Tensors.Sum(parameter => parameter.numel()));
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

    public GradientSpace Space { get; }

    /// <summary>Selects by name, and lets exactly the selected parameters require gradients.</summary>
    /// <param name="filter">Rules of a <see cref="ParameterFilter"/>; null for those that the model attributes.</param>
    /// <param name="part">Rules for which of those that the model attributes, where there is no filter.</param>
    public static AttributedParameters Select(
        IDiffusionModel model,
        string? filter,
        AdamMetric? metric = null,
        LograRanks? logra = null,
        long seed = 0,
        string? part = null
    )
    {
        var all = model.Network.named_parameters().ToList();
        var isSelected = Selector(model, filter, part);
        List<(string Name, Tensor Tensor)> selected =
        [
            .. all.Where(named => isSelected(named.name)).Select(named => (named.name, (Tensor)named.parameter)),
        ];
        if (selected.Count == 0)
            throw new AuditException(
                $"{Settings.Name("parameters")} '{filter ?? part}' selects none of the model's parameters, "
                    + $"which are named like {all[0].name}."
            );
        CheckMetric(metric, logra);
        var space = new GradientSpace(selected, logra, KeptWhole(model.Network), seed);
        var attributed = new AttributedParameters(selected, metric, space);
        foreach (var (_, parameter) in all)
            parameter.requires_grad_(false);
        attributed.RequireGradients(true);
        return attributed;
    }

    /// <summary>Whether a part of the parameters that the model attributes is not empty.</summary>
    /// <param name="part">Rules of a <see cref="ParameterFilter"/>.</param>
    public static bool HasPart(IDiffusionModel model, string part) =>
        model.Network.named_parameters().Select(named => named.name).Any(Selector(model, filter: null, part));

    public int? Position(string name) => _positions.TryGetValue(name, out var position) ? position : null;

    internal static void CheckMetric(AdamMetric? metric, LograRanks? logra)
    {
        if (metric is not null && logra is not null)
            throw new AuditException(
                "Adam's metric needs whole gradients, which LoGra never forms; choose another "
                    + $"{Settings.Name("projection")}, or leave the metric out."
            );
    }

    /// <summary>Lets the selected parameters require gradients, or not; the others never do.</summary>
    public void RequireGradients(bool required)
    {
        foreach (var tensor in Tensors)
            tensor.requires_grad_(required);
    }

    private static Func<string, bool> Selector(IDiffusionModel model, string? filter, string? part)
    {
        if (filter is not null)
            return new ParameterFilter(filter).Selects;
        var ofPart = new ParameterFilter(part);
        return name => model.IsAttributed(name) && ofPart.Selects(name);
    }

    // LoGra has no rule for layer normalisations, nor for modules that give their gradients themselves.
    private static HashSet<string> KeptWhole(nn.Module network) =>
        [
            .. NetworkModule
                .AllOf(network)
                .Where(module => module.Module is LayerNorm or IPerSampleGradients)
                .SelectMany(module => module.Parameters)
                .Select(parameter => parameter.FullName),
        ];
}
