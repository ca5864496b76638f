using System.Text.RegularExpressions;
using DasAudit.Abstractions;
using static TorchSharp.torch;

namespace DasAudit.Core.Gradients;

/// <summary>The parameters whose gradients are taken, in the network's own order.</summary>
public sealed class AttributedParameters
{
    private AttributedParameters(IReadOnlyList<string> names, IReadOnlyList<Tensor> tensors)
    {
        (Names, Tensors) = (names, tensors);
        var offsets = new int[tensors.Count];
        for (var i = 0; i < offsets.Length; i++)
        {
            offsets[i] = Count;
            Count = checked(Count + (int)tensors[i].numel());
        }

        Offsets = offsets;
    }

    /// <summary>Names, as <c>named_parameters()</c> gives them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The parameters themselves; owned by the network.</summary>
    public IReadOnlyList<Tensor> Tensors { get; }

    /// <summary>Where each parameter begins in a flat gradient.</summary>
    public IReadOnlyList<int> Offsets { get; }

    /// <summary>p, the number of values.</summary>
    public int Count { get; }

    /// <summary>Selects by name and lets exactly the selected parameters require gradients.</summary>
    /// <param name="network">The network.</param>
    /// <param name="pattern">Regular expression; null for all.</param>
    /// <exception cref="AuditException">The pattern is no regular expression, or no parameter matches it.</exception>
    public static AttributedParameters Select(nn.Module network, string? pattern)
    {
        ArgumentNullException.ThrowIfNull(network);
        var wanted = Compile(pattern);
        var names = new List<string>();
        var tensors = new List<Tensor>();
        foreach (var (name, parameter) in network.named_parameters())
        {
            var selected = wanted.IsMatch(name);
            parameter.requires_grad_(selected);
            if (!selected) continue;
            names.Add(name);
            tensors.Add(parameter);
        }

        if (names.Count == 0)
            throw new AuditException($"--parameters '{pattern}' matches none of the model's parameters, which are named like {network.named_parameters().First().name}.");
        return new(names, tensors);
    }

    /// <summary>Lets the selected parameters require gradients, or not; the others never do.</summary>
    internal void RequireGradients(bool required)
    {
        foreach (var tensor in Tensors) tensor.requires_grad_(required);
    }

    private static Regex Compile(string? pattern)
    {
        try
        {
            return new(pattern ?? "", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException e)
        {
            throw new AuditException($"--parameters '{pattern}' is no regular expression: {e.Message}", e);
        }
    }
}
