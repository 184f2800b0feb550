"""``import aweigh.auto``: installs the import hooks in this process, for notebooks and servers.

``aweigh run`` does the same before the script's first line. Importing it a second time does nothing, as an import
does; where no engine is set (``AWEIGH_ENGINE``), one is started at the first call that needs it.
"""

from aweigh.compiler.offload import install

install()
