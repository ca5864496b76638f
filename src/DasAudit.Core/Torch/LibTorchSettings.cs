using System.Runtime.InteropServices;

namespace DasAudit.Core.Torch;

/// <summary>Settings of libtorch that TorchSharp does not expose.</summary>
public static partial class LibTorchSettings
{
    /// <summary>Switches NNPACK off: unused on current processors, it says so on stderr at every convolution.</summary>
    public static void DisableNnpack()
    {
        TorchSharp.torch.InitializeDeviceType(TorchSharp.DeviceType.CPU);
        try
        {
            SetUserEnabledNnpack(GlobalContext(), false);
        }
        catch (EntryPointNotFoundException)
        {
            // On Windows functions have other names, and there is no NNPACK.
        }
    }

    // Looked for in LibTorchSharp and what it depends on: in whichever libtorch it was loaded with.
    [LibraryImport("LibTorchSharp", EntryPoint = "_ZN2at13globalContextEv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial IntPtr GlobalContext();

    [LibraryImport("LibTorchSharp", EntryPoint = "_ZN2at7Context20setUserEnabledNNPACKEb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial void SetUserEnabledNnpack(IntPtr context, [MarshalAs(UnmanagedType.U1)] bool enabled);
}
