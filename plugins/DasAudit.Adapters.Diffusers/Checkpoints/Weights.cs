using DasAudit.Safetensors;
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

    /// <summary>Fills every parameter, converting to its element type; the files must hold exactly these.</summary>
    internal static void Load(nn.Module network, TensorFiles files)
    {
        var parameters = network
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => entry.parameter, StringComparer.Ordinal);
        var tensors = new Dictionary<string, StoredTensor>(StringComparer.Ordinal);
        foreach (var name in files.Names)
        {
            var tensor = files.Get(name);
            var parameterName = NewName(name);
            if (!parameters.ContainsKey(parameterName) || !tensors.TryAdd(parameterName, tensor))
                throw new AuditException(
                    $"'{tensor.File.Path}' holds the tensor '{tensor.Name}', which its config.json has no place for; "
                        + "check that weights and configuration belong together."
                );
            var type = tensor.File.Get(tensor.Name).Type;
            if (type is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
                throw new AuditException(
                    $"'{tensor.File.Path}' holds the tensor '{tensor.Name}' as {type}; quantised weights are not "
                        + "supported, give the original ones."
                );
        }
        foreach (var (name, parameter) in parameters)
        {
            if (!tensors.TryGetValue(name, out var tensor))
                throw new AuditException(
                    $"'{files.Path}' lacks the tensor '{name}' that its config.json asks for; check that weights and "
                        + "configuration belong together."
                );
            tensor.File.CopyTo(tensor.Name, parameter);
            CheckFinite(tensor, parameter);
        }
    }

    // Here, where the tensor is known; later a layer would be blamed.
    private static void CheckFinite(StoredTensor tensor, Tensor parameter)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        if (!parameter.isfinite().all().item<bool>())
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
