using DasAudit.Safetensors;

namespace DasAudit.Adapters.Diffusers.Checkpoints;

/// <summary>A tensor under the name that it has in its file.</summary>
internal sealed record StoredTensor(string Name, SafetensorsFile File);
