namespace DasAudit.Core.Models;

/// <summary>A file that decides what the model predicts.</summary>
/// <param name="Name">
/// Its path within the checkpoint's folder, with slashes; its name alone for a single file, and for one that lies
/// elsewhere.
/// </param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
public sealed record ModelFile(string Name, string Sha256);
