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

    /// <summary>Fills every parameter, converting to its element type; the file must hold exactly these.</summary>
    internal static void Load(nn.Module network, string path)
    {
        using var file = SafetensorsFile.Open(path);
        var parameters = network
            .named_parameters()
            .ToDictionary(entry => entry.name, entry => entry.parameter, StringComparer.Ordinal);
        var stored = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in file.Names)
        {
            var parameterName = NewName(name);
            if (!parameters.ContainsKey(parameterName) || !stored.TryAdd(parameterName, name))
                throw new AuditException(
                    $"'{path}' holds the tensor '{name}', which its config.json has no place for; check that "
                        + "weights and configuration belong together."
                );
            var type = file.Get(name).Type;
            if (type is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
                throw new AuditException(
                    $"'{path}' holds the tensor '{name}' as {type}; quantised weights are not "
                        + "supported, give the original ones."
                );
        }
        foreach (var (name, parameter) in parameters)
        {
            if (!stored.TryGetValue(name, out var source))
                throw new AuditException(
                    $"'{path}' lacks the tensor '{name}' that its config.json asks for; check that weights and "
                        + "configuration belong together."
                );
            file.CopyTo(source, parameter);
        }
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
