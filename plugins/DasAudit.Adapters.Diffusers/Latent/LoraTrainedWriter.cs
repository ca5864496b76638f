using DasAudit.Adapters.Diffusers.Lora;

namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Writes the LoRA that was trained, under the name that diffusers looks for.</summary>
internal sealed class LoraTrainedWriter(LoraAdapter trained) : ITrainedWriter
{
    public void Write(LatentParts parts, string folder, bool halfPrecision)
    {
        try
        {
            Directory.CreateDirectory(folder);
            LoraWriter.Write(trained, Path.Combine(folder, LoraSource.DiffusersName), halfPrecision);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new AuditException(
                $"The LoRA cannot be written to '{folder}'; check that the folder is writable and has room.",
                e
            );
        }
    }
}
