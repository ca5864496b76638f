namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>The files of one LoRA.</summary>
/// <param name="WeightsFile">A safetensors file.</param>
/// <param name="ConfigFile">PEFT's adapter_config.json beside it; null if there is none.</param>
internal sealed record LoraSource(string WeightsFile, string? ConfigFile)
{
    /// <summary>What diffusers calls a file of a LoRA.</summary>
    internal const string DiffusersName = "pytorch_lora_weights.safetensors";

    private const string PeftName = "adapter_model.safetensors";
    private const string ConfigName = "adapter_config.json";

    private static readonly string[] Names = [DiffusersName, PeftName];

    internal IReadOnlyList<string> Files => ConfigFile is null ? [WeightsFile] : [WeightsFile, ConfigFile];

    /// <summary>Finds the LoRA that a path means: a file, or a folder that holds one under a usual name.</summary>
    internal static LoraSource Find(string path)
    {
        if (Directory.Exists(path))
            return OfFile(InFolder(path));
        if (!File.Exists(path))
            throw new AuditException(
                $"There is no LoRA at '{path}'; give the path of its file as {ModelLoadOptions.LoraName}."
            );
        if (Path.GetExtension(path) is ".bin" or ".ckpt" or ".pt" or ".pth")
            throw new AuditException(
                $"'{path}' is a pickle, which may run any code when it is read; convert it to safetensors."
            );
        return OfFile(path);
    }

    private static LoraSource OfFile(string path)
    {
        var full = Path.GetFullPath(path);
        var config = Path.Combine(Path.GetDirectoryName(full)!, ConfigName);
        return new(full, Path.GetFileName(full) == PeftName && File.Exists(config) ? config : null);
    }

    private static string InFolder(string folder) =>
        Names.Select(name => Path.Combine(folder, name)).Where(File.Exists).ToList() switch
        {
            [var only] => only,
            [] => throw new AuditException(
                $"'{folder}' holds neither {DiffusersName} nor {PeftName}; give the path of the LoRA's file as "
                    + $"{ModelLoadOptions.LoraName}."
            ),
            _ => throw new AuditException(
                $"'{folder}' holds both {DiffusersName} and {PeftName}; give the path of the one that is meant as "
                    + $"{ModelLoadOptions.LoraName}."
            ),
        };
}
