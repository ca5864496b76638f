using TorchSharp;

namespace DasAudit.Abstractions;

/// <summary>
/// Loads one family of diffusion checkpoints. An adapter is a public class with a parameterless constructor in a plugin
/// assembly; the tool creates one instance of it and may call it from one thread at a time.
/// </summary>
public interface IModelAdapter
{
    /// <summary>A short unique name for reports, lower case with dashes, such as <c>diffusers</c>.</summary>
    string Name { get; }

    /// <summary>Whether it recognises the checkpoint, by names and small files; no path makes it throw.</summary>
    /// <param name="path">An existing folder or file.</param>
    bool CanLoad(string path);

    /// <summary>Loads a checkpoint in evaluation mode.</summary>
    /// <param name="path">A folder or file for which <see cref="CanLoad"/> answered true.</param>
    /// <param name="device">Where the parameters shall live.</param>
    /// <param name="options">What to load.</param>
    /// <returns>A model that the caller disposes; each call gives an independent one, for any thread.</returns>
    /// <exception cref="AuditException">The checkpoint is incomplete, damaged, or not supported.</exception>
    IDiffusionModel Load(string path, torch.Device device, ModelLoadOptions options);
}
