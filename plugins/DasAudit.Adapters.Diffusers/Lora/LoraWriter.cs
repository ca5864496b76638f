using System.Text.Json;
using DasAudit.Safetensors;
using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>
/// Writes a LoRA as diffusers does: names in PEFT's style after the network's, and PEFT's configuration of each network
/// in the metadata, so that alphas are kept.
/// </summary>
internal static class LoraWriter
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Writes a file, atomically; the weight that the LoRA is applied with is no part of it.</summary>
    internal static void Write(LoraAdapter adapter, string path, bool halfPrecision)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var type = halfPrecision ? ScalarType.Float16 : ScalarType.Float32;
        var tensors = adapter.Changes.SelectMany(change =>
        {
            var name = $"{change.Place.Component}.{change.Place.Module}";
            return new[]
            {
                ($"{name}.{LoraNames.Down}.weight", Down(change.Factors).to_type(type)),
                ($"{name}.{LoraNames.Up}.weight", LoraFactors.Weight(change.Factors.Up).to_type(type)),
            };
        });
        var metadata = PeftConfigs.Metadata(Configuration(adapter));
        SafetensorsWriter.Write(
            path,
            tensors,
            new Dictionary<string, string> { ["format"] = "pt", [metadata.Key] = metadata.Value }
        );
    }

    // PEFT has no layer between A and B: M·A is its A, and computes the same.
    private static Tensor Down(LoraFactors factors)
    {
        var down = LoraFactors.Weight(factors.Down);
        return factors.Middle is null
            ? down
            : tensordot(LoraFactors.Weight(factors.Middle), down.flatten(1), [1], [0]).permute(0, 3, 1, 2);
    }

    private static string Configuration(LoraAdapter adapter)
    {
        var json = new SortedDictionary<string, object>(StringComparer.Ordinal);
        foreach (var changes in adapter.Changes.GroupBy(change => change.Place.Component))
        {
            foreach (var (key, value) in Configuration([.. changes]))
                json[$"{changes.Key}.{key}"] = value;
        }
        return JsonSerializer.Serialize(json, Indented);
    }

    // The commonest rank and alpha stand for all, the others for their modules.
    private static Dictionary<string, object> Configuration(IReadOnlyList<LoraChange> changes)
    {
        var rank = Commonest(changes.Select(change => change.Factors.Rank));
        var alpha = Commonest(changes.Select(Alpha));
        return new()
        {
            ["peft_type"] = "LORA",
            ["bias"] = "none",
            ["r"] = rank,
            ["rank_pattern"] = changes
                .Where(change => change.Factors.Rank != rank)
                .ToDictionary(change => change.Place.Module, change => change.Factors.Rank),
            ["lora_alpha"] = alpha,
            ["alpha_pattern"] = changes
                .Where(change => Alpha(change) != alpha)
                .ToDictionary(change => change.Place.Module, Alpha),
            ["target_modules"] = changes.Select(change => change.Place.Module).ToArray(),
        };
    }

    private static double Alpha(LoraChange change) => change.Scale * change.Factors.Rank;

    private static T Commonest<T>(IEnumerable<T> values)
        where T : notnull => values.CountBy(value => value).MaxBy(count => count.Value).Key;
}
