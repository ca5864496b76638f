using DasAudit.Safetensors;
using TorchSharp;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>Reads and writes a network's parameters under their diffusers names.</summary>
internal static class Weights
{
    // Attention names of diffusers before 0.15, which many checkpoints on the Hub still have.
    private static readonly (string Old, string New)[] Renamed =
    [
        (".query.", ".to_q."),
        (".key.", ".to_k."),
        (".value.", ".to_v."),
        (".proj_attn.", ".to_out.0."),
    ];

    // A buffer of counting numbers that older versions of transformers stored.
    private const string PositionIds = ".position_ids";

    /// <summary>
    /// Fills every parameter, converting to its element type; the files must hold exactly these, and may hold the
    /// positions that older text encoders list.
    /// </summary>
    internal static void Load(nn.Module network, TensorFiles files)
    {
        var parameters = network.named_parameters().Select(entry => entry.name).ToHashSet(StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var name in files.Names.Where(name => !name.EndsWith(PositionIds, StringComparison.Ordinal)))
        {
            var tensor = files.Get(name);
            var parameterName = NewName(name);
            if (!parameters.Contains(parameterName) || !tensors.TryAdd(parameterName, tensor))
                throw new AuditException(
                    $"'{tensor.File.Path}' holds the tensor '{tensor.Name}', which its config.json has no place for; "
                        + "check that weights and configuration belong together."
                );
        }
        if (parameters.FirstOrDefault(name => !tensors.ContainsKey(name)) is { } missing)
            throw new AuditException(
                $"'{files.Path}' lacks the tensor '{missing}' that its config.json asks for; check that weights and "
                    + "configuration belong together."
            );
        CheckTypes(tensors.Values);
        Fill(network, tensors);
    }

    /// <summary>Refuses types other than floating-point ones: such weights are codes for other numbers.</summary>
    internal static void CheckTypes(IEnumerable<StoredTensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            var isFloat =
                tensor.Type is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64;
            if (!isFloat)
                throw new AuditException(
                    $"'{tensor.File.Path}' holds the tensor '{tensor.Name}' as {tensor.Type}; quantised weights are "
                        + "not supported, give the original ones."
                );
        }
    }

    /// <summary>Fills every parameter with the tensor of its name, one after the other.</summary>
    internal static void Fill(nn.Module network, IReadOnlyDictionary<string, StoredTensor> tensors)
    {
        foreach (var (name, parameter) in network.named_parameters())
        {
            var tensor = tensors[name];
            tensor.CopyTo(parameter);
            CheckFinite(tensor, parameter);
        }
    }

    // Here, where the tensor is known; later a layer would be blamed. A value that is no number is the least and the
    // greatest at once.
    private static void CheckFinite(StoredTensor tensor, Tensor parameter)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (least, greatest) = parameter.aminmax();
        if (!double.IsFinite(least.ToDouble()) || !double.IsFinite(greatest.ToDouble()))
            throw new AuditException(
                $"'{tensor.File.Path}' holds values that are not finite (NaN or infinity) in the tensor "
                    + $"'{tensor.Name}'; the training diverged, or half precision overflowed when the weights were "
                    + "saved: give other weights."
            );
    }

    internal static void Save(nn.Module network, string path, bool halfPrecision)
    {
        using var scope = NewDisposeScope();
        var tensors = network.named_parameters().Select(entry => (entry.name, Stored(entry.parameter, halfPrecision)));
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["format"] = "pt" });
    }

    private static Tensor Stored(Tensor parameter, bool halfPrecision) =>
        halfPrecision ? parameter.detach().to(ScalarType.Float16) : parameter.detach();

    private static string NewName(string name) =>
        name.Contains(".attentions.", StringComparison.Ordinal)
            ? Renamed.Aggregate(name, (newer, names) => newer.Replace(names.Old, names.New, StringComparison.Ordinal))
            : name;
}
