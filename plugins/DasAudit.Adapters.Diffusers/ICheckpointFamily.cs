using static TorchSharp.torch;

namespace DasAudit.Adapters.Diffusers;

/// <summary>Checkpoints that are loaded alike.</summary>
internal interface ICheckpointFamily
{
    /// <summary>Whether a path is, or says it is, such a checkpoint; no path makes it throw.</summary>
    bool Recognises(string path);

    /// <summary>Loads a checkpoint that it recognises, in evaluation mode.</summary>
    IDiffusionModel Load(string path, Device device, ModelLoadOptions options);
}
