using Layer = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace DasAudit.Adapters.Diffusers.Lora;

/// <summary>A layer of a network that a LoRA changes.</summary>
/// <param name="Component">The network, as the pipeline calls it.</param>
/// <param name="Module">The layer's name in the network.</param>
internal sealed record LoraPlace(string Component, string Module, Layer Layer);
