namespace DasAudit.Adapters.Diffusers.Latent;

/// <summary>Writes what was trained of a latent model.</summary>
internal interface ITrainedWriter
{
    /// <param name="folder">A new or existing folder; files of the same names are replaced, each atomically.</param>
    void Write(LatentParts parts, string folder, bool halfPrecision);
}
