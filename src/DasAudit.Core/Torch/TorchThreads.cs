using static TorchSharp.torch;

namespace DasAudit.Core.Torch;

/// <summary>
/// How many threads libtorch uses inside one operation. Attribution runs each operation on one thread, so that sums are
/// taken in one order whatever the number of workers; training takes all it is given.
/// </summary>
internal static class TorchThreads
{
    /// <summary>Sets the number for operations started from the calling thread.</summary>
    public static void Use(int threads)
    {
        if (get_num_threads() != threads)
            set_num_threads(threads);
    }
}
