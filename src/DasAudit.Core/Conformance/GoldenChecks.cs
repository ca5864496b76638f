using static TorchSharp.torch;

namespace DasAudit.Core.Conformance;

/// <summary>Compares all that a model can compute of a reference run, and says what it cannot.</summary>
internal sealed class GoldenChecks
{
    private const string Beyond = "beyond the contract";

    private readonly List<(string Reason, string Name)> _notCompared = [];
    private int _compared;
    private readonly List<(IGoldenPart Part, GoldenTensor Tensor, GoldenVariant Variant)> _comparisons = [];

    /// <summary>Sorts the tensors of a run, and refuses what is not of this model.</summary>
    /// <param name="loras">Those that the model was loaded with.</param>
    /// <exception cref="AuditException">A tensor does not fit the model, or nothing can be compared.</exception>
    public GoldenChecks(GoldenSet set, IDiffusionModel model, IReadOnlyList<LoraFile> loras, Device device)
    {
        var inputs = new GoldenInputs(set, model, device);
        inputs.Check();
        IReadOnlyList<IGoldenPart> parts =
        [
            new NetworkOutputs(inputs, model),
            new NetworkGradients(inputs, model, ofError: false),
            new NetworkGradients(inputs, model, ofError: true),
            new EncoderOutputs(inputs, set, model),
            new ProcessOutputs(inputs, set, model),
            new BehindOutputs(inputs, model),
        ];
        var applied = new AppliedLoras(loras, [.. set.Tensors.Select(tensor => tensor.Name)]);
        foreach (var tensor in set.Tensors.Where(tensor => !GoldenInputs.IsInput(tensor.Name)))
            Sort(tensor, GoldenVariant.Of(tensor.Name, applied.Names), parts, applied);
        foreach (var tensor in set.Superseded.Where(tensor => !GoldenInputs.IsInput(tensor.Name)))
            Leave(tensor, $"that '{tensor.File.Path}' holds and another file too");
        if (_comparisons.Count == 0)
            throw new AuditException(
                $"{set.Paths} hold nothing that can be compared with this model{Because()}; give files with the "
                    + "inputs and outputs of its reference run."
            );
        _comparisons =
        [
            .. _comparisons.OrderBy(comparison => parts.Index().First(p => p.Item == comparison.Part).Index),
        ];
    }

    /// <summary>The checks, each with its name; the last says what was not compared. Null for no result.</summary>
    public IEnumerable<(string Name, Func<AdapterCheckResult?> Check)> All()
    {
        foreach (var (part, tensor, variant) in _comparisons)
            yield return (tensor.CheckName, () => Compare(part, tensor, variant));
        yield return (AdapterCheckDocument.NotCompared, Rest);
    }

    private void Sort(
        GoldenTensor tensor,
        GoldenVariant variant,
        IReadOnlyList<IGoldenPart> parts,
        AppliedLoras applied
    )
    {
        if (parts.FirstOrDefault(part => part.Knows(variant)) is not { } part)
        {
            Leave(tensor, Beyond);
            return;
        }

        // The autoencoder and the process are the same with and without LoRAs.
        var unchanged =
            part is EncoderOutputs or ProcessOutputs || variant.Base.StartsWith("vae/", StringComparison.Ordinal);
        var obstacle = (unchanged ? null : applied.Obstacle(tensor.Name, variant)) ?? part.Obstacle(tensor, variant);
        if (obstacle is not null)
        {
            Leave(tensor, obstacle);
            return;
        }

        part.Check(tensor, variant);
        _comparisons.Add((part, tensor, variant));
    }

    private AdapterCheckResult? Compare(IGoldenPart part, GoldenTensor tensor, GoldenVariant variant)
    {
        try
        {
            if (part.Compare(tensor, variant) is { } result)
            {
                _compared++;
                return result;
            }

            Leave(tensor, Beyond);
        }
        catch (KeyNotFoundException)
        {
            // Adapters ask for conditions by name.
            Leave(tensor, "under other conditions than the model takes");
        }

        return null;
    }

    // Where nothing could be compared after all, nothing was checked.
    private AdapterCheckResult? Rest() =>
        _notCompared.Count == 0 ? null : new(AdapterCheckDocument.NotCompared, _compared > 0, Reasons());

    private void Leave(GoldenTensor tensor, string reason) => _notCompared.Add((reason, tensor.StoredName));

    private string Because() => _notCompared.Count == 0 ? "" : $" ({Reasons()})";

    private string Reasons() =>
        string.Join("; ", _notCompared.GroupBy(left => left.Reason).Select(group => $"{group.Key}: {Names(group)}"));

    private static string Names(IEnumerable<(string Reason, string Name)> left) =>
        string.Join(", ", left.Select(tensor => tensor.Name).Order(StringComparer.Ordinal));
}
