using System.Runtime.CompilerServices;
using DasAudit.Core.Torch;

namespace DasAudit.Adapters.Diffusers.Tests;

internal static class TestSetup
{
    [ModuleInitializer]
    internal static void Initialize()
    {
        LibTorchSettings.DisableNnpack();
        // Small models: a second thread costs more in waiting than it saves.
        TorchSharp.torch.set_num_threads(1);
    }
}
