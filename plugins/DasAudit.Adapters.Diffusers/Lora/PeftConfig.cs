using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DasAudit.Adapters.Diffusers.Checkpoints;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>PEFT's LoraConfig of one network: ranks and alphas, for all modules and for some.</summary>
internal sealed class PeftConfig
{
    // These say where, how and by what it was trained, or change nothing but the training.
    private static readonly HashSet<string> WithoutEffect =
    [
        "auto_mapping",
        "bias",
        "corda_config",
        "ensure_weight_tying",
        "eva_config",
        "exclude_modules",
        "fan_in_fan_out",
        "inference_mode",
        "layers_pattern",
        "layers_to_transform",
        "loftq_config",
        "lora_dropout",
        "lora_ga_config",
        "megatron_config",
        "megatron_core",
        "peft_version",
        "qalora_group_size",
        "revision",
        "runtime_config",
        "target_modules",
        "target_parameters",
        "task_type",
    ];

    private readonly JsonConfig _json;
    private readonly string _prefix;
    private readonly int _rank;
    private readonly double _alpha;
    private readonly bool _rankStabilized;
    private readonly List<(Regex Module, double Value)> _ranks;
    private readonly List<(Regex Module, double Value)> _alphas;

    /// <summary>Reads the keys that begin with a prefix.</summary>
    internal PeftConfig(JsonConfig json, string prefix)
    {
        (_json, _prefix) = (json, prefix);
        _rank = json.Int(prefix + "r", 8, 1, 1 << 20);
        _alpha = json.Double(prefix + "lora_alpha", 8, 0, 1e9);
        _rankStabilized = json.Bool(prefix + "use_rslora", false);
        _ranks = Pattern("rank_pattern");
        _alphas = Pattern("alpha_pattern");
        BaseModel = json.String(prefix + "base_model_name_or_path", null);
        json.OneOf(prefix + "peft_type", "LORA", "LORA");
        RefuseOtherInitialization();
        RefuseOtherSettings();
    }

    /// <summary>The model that it was made for; null if it does not say.</summary>
    internal string? BaseModel { get; }

    /// <summary>By what B·A is multiplied.</summary>
    /// <param name="module">The module's name in the network.</param>
    /// <param name="rank">The rank that the file's tensors have.</param>
    internal double Scale(string module, long rank)
    {
        var stated = Find(_ranks, module) ?? _rank;
        if (stated != rank)
            throw new AuditException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"'{_json.Path}' states the rank {stated} for '{module}', whose tensors have the rank {rank}; "
                ) + "check that configuration and weights belong together."
            );
        var alpha = Find(_alphas, module) ?? _alpha;
        return alpha / (_rankStabilized ? Math.Sqrt(rank) : rank);
    }

    // The first pattern that is the end of the name, after a dot, decides.
    private static double? Find(List<(Regex Module, double Value)> patterns, string module) =>
        patterns.FirstOrDefault(pattern => pattern.Module.IsMatch(module)) is { Module: not null } matching
            ? matching.Value
            : null;

    private List<(Regex Module, double Value)> Pattern(string key)
    {
        if (_json.Find(_prefix + key) is not { } patterns)
            return [];
        if (patterns.ValueKind != JsonValueKind.Object)
            throw _json.Refuse(_prefix + key, patterns, "where an object is expected");
        return [.. patterns.EnumerateObject().Select(entry => (Expression(key, entry.Name), Number(key, entry)))];
    }

    private Regex Expression(string key, string pattern)
    {
        try
        {
            return new($@"^(?:.*\.)?(?:{pattern})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new AuditException(
                $"'{_json.Path}' has in {_prefix}{key} the pattern '{pattern}', which cannot be followed; write the "
                    + "modules' names in its place.",
                e
            );
        }
    }

    private double Number(string key, JsonProperty entry) =>
        entry.Value.ValueKind == JsonValueKind.Number && entry.Value.TryGetDouble(out var number)
            ? number
            : throw _json.Refuse($"{_prefix}{key}.{entry.Name}", entry.Value, "where a number is expected");

    // These subtract from the model's own weights what the LoRA begins with.
    private void RefuseOtherInitialization()
    {
        var key = _prefix + "init_lora_weights";
        if (_json.Find(key) is not { ValueKind: JsonValueKind.String } method)
            return;
        if (method.GetString() is not ("gaussian" or "eva" or "orthogonal"))
            throw _json.Refuse(
                key,
                method,
                "which changes the model's own weights and is not supported; convert it to a plain LoRA (PEFT: "
                    + "save_pretrained with path_initial_model_for_weight_conversion)"
            );
    }

    private void RefuseOtherSettings()
    {
        string[] read =
        [
            "r",
            "lora_alpha",
            "use_rslora",
            "rank_pattern",
            "alpha_pattern",
            "base_model_name_or_path",
            "peft_type",
            "init_lora_weights",
        ];
        foreach (var entry in _json.Entries)
        {
            if (!entry.Name.StartsWith(_prefix, StringComparison.Ordinal))
                continue;
            var key = entry.Name[_prefix.Length..];
            if (!read.Contains(key) && !WithoutEffect.Contains(key) && IsSet(entry.Value))
                throw _json.Refuse(entry.Name, entry.Value, "which is not supported; give a plain LoRA");
        }
    }

    private static bool IsSet(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => false,
            JsonValueKind.Array => value.GetArrayLength() > 0,
            JsonValueKind.Object => value.EnumerateObject().Any(),
            _ => true,
        };
}
